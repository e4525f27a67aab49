"""The desk calls off with the law's own sum, goodwill with a reason, and takes in what comes back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders import fulfilling
from shop.orders.models import Withdrawal
from shop.orders.returning import waiting_goods
from shop.payments import ledger
from shop.payments.models import PaymentEvent, Refund
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_package, make_product, make_variant
from tests.support.forms import forms


@pytest.fixture
def six(app, clock):
    """Six sessions for 540.00 in cash, two used, bought 20 days ago."""
    clock.move_to("2026-02-10T09:30:00Z")
    order = place_order(make_package(sessions=6, price_minor=54000), tenders=[("cash", 54000)])
    use(credits_of(order)[0], 2)
    clock.move_to("2026-03-02T09:30:00Z")
    return order


def path_of(order):
    return f"/admin/orders/{order.number}/cancel"


def press(browser, order, query="", **typed):
    page = browser.get(path_of(order) + query).text
    form = next(form for form in forms(page, here=path_of(order)) if "reason" in form.names)
    keys = re.findall(r'type="hidden" name="what" value="([^"]+)"', page)
    return browser.post(path_of(order), data=form.fields | {"what": keys} | typed)


def sent():
    db.session.expire_all()
    return [refund.amount_minor for refund in db.session.scalars(select(Refund).order_by(Refund.id))]


def test_the_preview_says_what_the_law_says_and_the_button_does_it(six, as_admin):
    page = as_admin.get(path_of(six)).text
    assert "£540.00 × 4/6 = £360.00." in page
    assert press(as_admin, six, reason="moves away").status_code == 303
    withdrawal = db.session.scalars(select(Withdrawal)).one()
    assert (withdrawal.refund_minor, withdrawal.reason, withdrawal.by) == (36000, "moves away", f"user:{as_admin.user.id}")
    assert sent() == [36000]


def test_goodwill_is_shown_before_it_is_given_and_never_above_what_was_paid(six, as_admin):
    asked = press(as_admin, six, reason="a long wait", goodwill="50")
    assert asked.status_code == 409
    assert "£410.00" in asked.text
    assert sent() == []
    assert press(as_admin, six, "?goodwill=50", reason="a long wait").status_code == 303
    assert sent() == [41000]


@pytest.mark.parametrize(
    ("typed", "says"), [("180.01", "At most £180.00 more"), ("-5", "amount"), ("5,5", "comma"), ("x", "")]
)
def test_goodwill_that_cannot_be_is_refused(six, as_admin, typed, says):
    answer = press(as_admin, six, reason="kindness", goodwill=typed)
    assert answer.status_code == 422
    assert says.lower() in answer.text.lower()
    assert sent() == []


def test_a_reason_is_needed(six, as_admin):
    assert press(as_admin, six).status_code == 422
    assert sent() == []


def test_two_members_of_staff_at_once_pay_once(six, as_admin, as_role):
    owner = as_role("owner")
    assert press(owner, six, reason="asked by telephone").status_code == 303
    assert press_again(as_admin, six).status_code == 422
    assert sent() == [36000]


def press_again(browser, order):
    data = {"reason": "the same", "seen": "36000", "cause": "a" * 20, "what": [f"credit:{credits_of(order)[0].code}"]}
    return browser.post(path_of(order), data=data)


def test_cash_is_noted_as_paid_back_by_hand(six, as_admin):
    press(as_admin, six, reason="moves away")
    assert "Pay £360.00 back in cash" in as_admin.get(path_of(six)).text
    refund_id = db.session.scalars(select(Refund.id)).one()
    for status in (303, 409):
        assert as_admin.post(f"/admin/orders/{six.number}/by-hand/{refund_id}").status_code == status
    assert ledger.paid_minor(six.number) == 18000
    assert len(db.session.scalars(select(PaymentEvent).where(PaymentEvent.kind == "refunded")).all()) == 1


@pytest.fixture
def box(clock, as_admin):
    """Two products and a delivery that have left, called off."""
    one = make_variant(make_product(variants=0, name="Shield", price_minor=3000), stock=5)
    two = make_variant(make_product(variants=0, name="Serum", price_minor=6000), stock=5)
    order = place_order(one, two, delivery_minor=395, tenders=[("cash", 9395)])
    fulfilling.mark_shipped(order, carrier="DPD", tracking="", cause="click", by="user:9")
    db.session.commit()
    assert press(as_admin, order, reason="asked for").status_code == 303
    return order


def take(browser, order, state, number=0, **more):
    goods = waiting_goods(order)[number]
    data = {"code": goods.withdrawal.code, "key": goods.key, "state": state} | more
    db.session.rollback()
    return browser.post(f"/admin/orders/{order.number}/returns", data=data), data


def test_goods_are_paid_back_as_they_come_back_and_delivery_with_the_last(box, as_admin):
    assert sent() == []
    take(as_admin, box, "unopened", to_shelf="y")
    assert sent() == [3000]
    take(as_admin, box, "unopened")
    assert sent() == [3000, 6000, 395]
    assert sorted(db.session.scalars(select(Stock.on_hand))) == [4, 5]
    assert all_differences() == []
    db.session.rollback()


def test_what_was_opened_is_not_paid_back_and_delivery_stays_paid(box, as_admin):
    take(as_admin, box, "unopened")
    take(as_admin, box, "opened")
    assert sent() == [3000]
    assert waiting_goods(box) == []


def test_the_same_goods_come_back_once(box, as_admin):
    answer, data = take(as_admin, box, "unopened")
    assert answer.status_code == 303
    assert as_admin.post(f"/admin/orders/{box.number}/returns", data=data).status_code == 409
    assert as_admin.post(f"/admin/orders/{box.number}/returns", data=data | {"key": "line:0"}).status_code == 404
    assert sent() == [3000]


def test_only_who_may_refund_may_call_off(six, as_role):
    for role in ("desk", "stock", "consultant"):
        assert as_role(role).get(path_of(six)).status_code == 403


def test_the_order_leads_here(six, as_admin):
    assert f'href="/admin/orders/{six.number}/cancel"' in as_admin.get(f"/admin/orders/{six.number}").text


def test_nothing_is_left_after_that(six, as_admin):
    press(as_admin, six, reason="moves away")
    assert "Nothing of this order is left" in as_admin.get(path_of(six)).text
