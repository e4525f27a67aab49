"""A gift card, as the tests need one."""

from __future__ import annotations

from sqlalchemy import select

from shop.bag import cards
from shop.bag.card_codes import spelt
from shop.bag.models import GiftCard
from shop.core.db import db


def a_card(minor=20000):
    card = cards.issue(
        minor, currency="GBP", cause=f"test:{minor}:{len(db.session.scalars(select(GiftCard)).all())}", by="user:1"
    )
    db.session.commit()
    return card


def code_of(card):
    return spelt(card.code)
