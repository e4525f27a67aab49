"""An order that nobody has paid for yet is changed; money that arrives at the same moment wins."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.checkout.changing import reopen
from shop.core.db import db
from shop.orders.models import Order, OrderLine
from shop.orders.placing import find
from shop.payments.models import PaymentAttempt
from shop.payments.standin.envelope import ApiError
from tests.admin.test_desk import add, desk, new_sale, pay_form  # noqa: F401 (a fixture)
from tests.support.factories import make_product
from tests.support.forms import forms
from tests.support.journeys import fill_bag, go_to_pay
from tests.support.racing import together
from tests.support.tills import counters, sku_of


def orders() -> list[Order]:
    db.session.rollback()
    return list(db.session.scalars(select(Order).order_by(Order.id)))


@pytest.fixture
def waiting(client, standin, clock):
    """Two serums for 50.00 that a guest has not paid for yet; the address of their payment page."""
    fill_bag(client, sku=sku_of(make_product(stock=5)), quantity=2)
    return go_to_pay(client)


def change(desk):  # noqa: F811
    return desk.post(f"/admin/desk/orders/{orders()[0].number}/change")


def test_a_clients_order_becomes_a_sale_that_can_be_changed_to_the_penny(waiting, desk, standin, mailbox):  # noqa: F811
    old = orders()[0]
    assert (old.state, old.total_minor, counters()) == ("open", 5395, (5, 0, 2))
    answer = change(desk)
    path = answer.headers["Location"]
    assert orders()[0].state == "lapsed"
    assert counters() == (5, 0, 0)
    page = desk.get(path).text
    assert old.number in page
    assert 'value="' + old.address["line1"] + '"' in page
    amount = next(form for form in forms(page, here=path) if "quantity" in form.names)
    assert desk.post(amount.action, data=amount.fields | {"quantity": "3"}).status_code == 303
    action, sent = pay_form(desk, path, how="link", line1="9 New Street")
    assert desk.post(action, data=sent).status_code == 303
    new = orders()[1]
    assert (new.state, new.goods_minor, new.address["line1"], new.email) == ("open", 7500, "9 New Street", old.email)
    lines = db.session.scalars(select(OrderLine).where(OrderLine.order_id == new.id)).all()
    assert sum(line.gross_minor for line in lines) == new.total_minor
    assert counters() == (5, 0, 3)
    address = db.session.scalars(select(PaymentAttempt).order_by(PaymentAttempt.id.desc())).first().session_url
    db.session.rollback()
    standin.pay(address)
    mailbox.run_worker()
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert all_differences() == []


def test_the_old_payment_page_is_closed(waiting, desk, standin):  # noqa: F811
    change(desk)
    (page,) = standin.desk.all("checkout.session")
    assert (page["status"], page["url"]) == ("expired", None)


def test_money_that_arrived_meanwhile_wins(waiting, desk, standin, mailbox):  # noqa: F811
    standin.desk.hold()
    standin.pay(waiting)
    answer = change(desk)
    assert answer.headers["Location"] == f"/admin/orders/{orders()[0].number}"
    assert [order.state for order in orders()] == ["placed"]
    standin.desk.release()
    mailbox.run_worker()
    assert [order.state for order in orders()] == ["placed"]
    assert counters() == (5, 2, 0)
    assert all_differences() == []


@pytest.mark.parametrize("_", range(4))
def test_paid_and_changed_in_the_same_moment_it_is_one_or_the_other(waiting, standin, app, mailbox, _):
    number = orders()[0].number
    (page,) = standin.desk.all("checkout.session")

    def change_it() -> str:
        sale = reopen(find(number), by="user:1")
        db.session.commit()
        return "sale" if sale else "placed"

    def pay_it() -> str:
        try:
            return str(standin.desk.pay(page["id"])["payment_status"])
        except ApiError:
            return "the page is closed"

    db.session.rollback()
    answers = together(app, [pay_it, change_it])
    mailbox.run_worker()
    said = [str(answer) for answer in answers]
    if said[0] == "paid":
        assert said[1] == "placed"
        assert [order.state for order in orders()] == ["placed"]
        assert counters() == (5, 2, 0)
    else:
        assert said[1] == "sale"
        assert [order.state for order in orders()] == ["lapsed"]
        assert counters() == (5, 0, 0)
    assert all_differences() == []


def test_a_slow_bank_that_decides_keeps_the_order_as_it_is(waiting, desk, standin):  # noqa: F811
    standin.pay_slowly(waiting)
    assert change(desk).status_code == 409
    assert [order.state for order in orders()] == ["open"]
    assert counters() == (5, 0, 2)


def test_what_was_paid_or_changed_already_cannot_be_changed(waiting, desk, standin):  # noqa: F811
    assert change(desk).status_code == 303
    assert change(desk).status_code == 409
    assert len(orders()) == 1


def test_stripe_out_of_reach_changes_nothing(waiting, desk, standin):  # noqa: F811
    standin.desk.fail_next("503", times=9)
    answer = change(desk)
    assert answer.headers["Location"].startswith("/admin/desk/orders/")
    assert [order.state for order in orders()] == ["open"]
    assert counters() == (5, 0, 2)
