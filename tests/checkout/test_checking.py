"""`shop check` finds what is wrong: each fault made on purpose is named, and a shop without a fault is clean."""

import pytest
from sqlalchemy import text, update

from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders.models import Order, OrderLine
from shop.orders.refunding import request_refund
from shop.payments.models import Refund
from tests.support.journeys import come_back, go_to_pay
from tests.support.tills import the_order


@pytest.fixture
def bought(guest, standin, worker):
    come_back(guest, standin.pay(go_to_pay(guest)))
    worker()
    assert all_differences() == []
    return the_order()


def found():
    differences = all_differences()
    db.session.rollback()
    return differences


def test_a_shelf_that_nobody_explains_is_named(bought):
    db.session.execute(update(Stock).values(held=1))
    assert len(found()) == 1


def test_a_total_that_its_lines_are_not_is_named(bought):
    db.session.execute(update(Order).values(vat_minor=0))
    assert bought.number in found()[0]


def test_an_order_that_was_placed_for_nothing_is_named(bought):
    db.session.execute(text("update orders set number = 'AG-OTHER'"))
    assert any("received 0" in sentence for sentence in found())


def test_money_that_bought_nothing_is_named(bought):
    db.session.execute(update(Order).values(state="lapsed"))
    assert any("came in for nothing" in sentence for sentence in found())


def test_a_refund_that_the_ledger_does_not_know_is_named(bought, worker):
    request_refund(bought.number, amount_minor=100, cause="click:1", reason="asked", by="user:1")
    worker()
    assert found() == []
    db.session.execute(update(Refund).values(stripe_id="re_other"))
    assert "not in the ledger" in found()[0]


def test_a_gap_between_invoices_is_named(bought):
    db.session.execute(
        text(
            "insert into invoice (series, serial, number, kind, order_id, cause, content, gross_minor, vat_minor,"
            " currency, issued_at) select series, 3, 'INV-X', kind, order_id, 'x', content, gross_minor, vat_minor,"
            " currency, issued_at from invoice"
        )
    )
    assert "up to number 3" in found()[0]


def test_a_promise_that_no_line_of_an_order_waits_for_is_named(bought):
    db.session.execute(update(OrderLine).where(OrderLine.kind == "variant").values(done=1))
    (sentence,) = found()
    assert "2 are promised, the lines of orders wait for 1" in sentence
