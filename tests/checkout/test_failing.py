"""The n-th statement fails, for every n: nothing is half saved, and the next try goes through as if nothing had been."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from shop.checkout.settling import settle
from shop.core.db import db
from shop.core.outbox import OutboxRow
from shop.inventory.models import StockMovement
from shop.orders.models import Order, OrderLine
from shop.payments.models import PaymentAttempt, PaymentEvent
from shop.wallet.models import Credit, CreditMove
from tests.support.factories import make_addon, make_package, make_treatment
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.tills import assert_clean, counters, page_id, taken_minor, the_order

WRITES = ("INSERT", "UPDATE", "DELETE")
TABLES = (Order, OrderLine, PaymentAttempt, PaymentEvent, StockMovement, Credit, CreditMove, OutboxRow)
MOST = 60


class Broken(OperationalError):
    """A disk that is full, a connection that is gone."""


@pytest.fixture(autouse=True)
def at_noon(clock):
    """Time stands still."""


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """The number-th statement that writes fails; the list holds what was tried."""
    tried: list[str] = []

    def count(_connection, _cursor, text, *_rest):
        if text.lstrip().upper().startswith(WRITES):
            tried.append(text)
            if len(tried) == number:
                raise Broken(text, None, Exception("on purpose"))

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield tried
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.fixture
def full_bag(guest, standin):
    """Goods, a series and an add-on: every table is written."""
    treatment = make_treatment()
    addon = make_addon(treatments=[treatment])
    fill_bag(guest, package=make_package(treatment, sessions=3).slug, addon=[f"{addon.slug}:3"])
    standin.desk.hold()
    return guest


def rows():
    db.session.rollback()
    found = {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) for model in TABLES}
    db.session.rollback()
    return found


def test_prepare_writes_everything_or_nothing(full_bag, standin):
    form = checkout_form(full_bag)
    before = rows()
    for number in range(1, MOST):
        with failing_at(number) as tried:
            answer = full_bag.post("/checkout", data=form.fields)
        if len(tried) < number:
            break
        assert answer.status_code == 503, number
        assert "Nothing was charged" in answer.text
        if "payment_attempt SET" in tried[-1]:  # Stripe's answer could not be stored: the intent stands, and is resumed
            assert the_order().state == "open"
            continue
        assert rows() == before, tried[-1]
        assert counters() == (5, 0, 0)
    assert number > 5
    come_back(full_bag, standin.pay(answer.headers["Location"]))
    assert the_order().state == "placed"
    assert_clean()


def test_settle_places_the_whole_order_or_nothing_of_it(full_bag, standin, app):
    back = standin.pay(go_to_pay(full_bag))
    before = rows()
    for number in range(1, MOST):
        with failing_at(number) as tried:
            try:
                outcome = settle(page_id(back))
            except Broken:
                db.session.rollback()
                outcome = ""
        if len(tried) < number:
            break
        assert outcome == "", tried[-1]
        assert rows() == before, tried[-1]
        assert counters() == (5, 0, 2)
        assert the_order().state == "open"
    assert outcome == "placed"
    assert number > 8
    assert counters() == (5, 2, 0)
    assert taken_minor(standin) == the_order().total_minor
    assert_clean()


def test_giving_an_order_up_releases_everything_or_nothing(guest, standin):
    address = go_to_pay(guest)
    standin.desk.hold()
    standin.desk.expire(page_id(address))
    for number in range(1, MOST):
        with failing_at(number) as tried:
            try:
                outcome = settle(page_id(address))
            except Broken:
                db.session.rollback()
                outcome = ""
        if len(tried) < number:
            break
        assert (the_order().state, counters()) == ("open", (5, 0, 2)), tried[-1]
        assert_clean()
    assert outcome == "lapsed"
    assert (the_order().state, counters()) == ("lapsed", (5, 0, 0))
    assert number > 2
    assert_clean()


def test_filing_an_order_that_fails_anywhere_is_done_once_in_the_end(full_bag, standin, worker, mailbox):
    from shop.orders.filing import file_order
    from shop.orders.models import Invoice

    come_back(full_bag, standin.pay(go_to_pay(full_bag)))
    number = the_order().number
    for step in range(1, MOST):
        with failing_at(step) as tried:
            try:
                file_order(number=number)
                db.session.commit()
            except Broken:
                db.session.rollback()
        if len(tried) < step:
            break
        assert db.session.scalar(select(func.count()).select_from(Invoice)) == 0, tried[-1]
        db.session.rollback()
    worker()
    assert db.session.scalar(select(func.count()).select_from(Invoice)) == 1
    db.session.rollback()
    assert len([mail for mail in mailbox if number in mail.subject]) == 1
