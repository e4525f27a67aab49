"""Refunds asked for by staff, and the papers they leave."""

from sqlalchemy import select

from shop.orders.models import Invoice
from shop.orders.refunding import request_refund
from tests.support.tills import read

BY = "user:1"


def ask(number, amount_minor, *, cause="click:1", **facts_given):
    facts_given = {"reason": "Changed her mind", "by": BY} | facts_given
    return request_refund(number, amount_minor=amount_minor, cause=cause, **facts_given)


def credit_notes():
    return read(select(Invoice).where(Invoice.kind == "credit_note").order_by(Invoice.id))
