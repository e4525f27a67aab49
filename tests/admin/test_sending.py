"""Goods leave once: by post, or put ready and handed over; stock, history and the e-mail to the client agree."""

import pytest
from sqlalchemy import func, select

from shop.checking import all_differences
from shop.core.db import db
from shop.core.history import history_of
from shop.inventory.models import Stock
from shop.orders.models import OrderLine, Parcel
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.support.forms import forms


def press(browser, order, act, **typed):
    """Fill in the form of the order's page and send it."""
    path = f"/admin/orders/{order.number}"
    form = next(f for f in forms(browser.get(path).text, here=path) if f.action == f"{path}/{act}")
    return browser.post(form.action, data={**form.fields, **typed}), {**form.fields, **typed}


def test_a_parcel_that_is_sent_lowers_the_stock_and_tells_the_client(as_admin, mailbox):
    shelf = make_shelf(10)
    order = make_order(stock=shelf, units=3)
    answer, _ = press(as_admin, order, "shipped", carrier="Royal Mail", tracking="ab 123 456")
    assert answer.status_code == 303
    assert db.session.get_one(Stock, shelf.id).on_hand == 7
    assert db.session.get_one(Stock, shelf.id).allocated == 0
    assert db.session.scalars(select(OrderLine.done)).one() == 3
    assert (order.fulfilment, history_of(f"order:{order.number}")[-1].now) == ("done", "done")
    mail = mailbox.last(order.email)
    assert "ab123456" in mail.text
    assert mail.subject == f"Your order {order.number} is on its way"
    assert all_differences() == []


def test_a_second_click_sends_nothing_twice(as_admin, mailbox):
    order = make_order()
    _, sent = press(as_admin, order, "shipped", carrier="DPD")
    again = as_admin.post(f"/admin/orders/{order.number}/shipped", data=sent)
    assert again.status_code == 303
    assert db.session.scalar(select(func.count(Parcel.id))) == 1
    assert len(mailbox.to(order.email)) == 1


def test_somebody_else_sending_what_has_left_is_told(as_admin):
    order = make_order()
    press(as_admin, order, "shipped", carrier="DPD")
    answer = as_admin.post(
        f"/admin/orders/{order.number}/shipped", data={"carrier": "DPD", "cause": "another-page-of-mine"}
    )
    assert answer.status_code == 409
    assert "left already" in answer.text


def test_what_was_typed_is_kept_when_the_carrier_is_missing(as_admin):
    order = make_order()
    answer, _ = press(as_admin, order, "shipped", carrier="", tracking="AB123")
    assert answer.status_code == 422
    assert "Say who carries the parcel." in answer.text
    assert 'value="AB123"' in answer.text


def test_goods_are_put_ready_and_then_handed_over(as_role, mailbox):
    desk = as_role("desk")
    order = make_order(delivery="collect")
    assert press(desk, order, "ready")[0].status_code == 303
    assert "Ready to collect" in desk.get(f"/admin/orders/{order.number}").text
    assert mailbox.last(order.email).subject == f"Your order {order.number} is ready to collect"
    assert press(desk, order, "collected")[0].status_code == 303
    assert order.fulfilment == "done"
    assert db.session.scalars(select(Parcel.state)).all() == ["left"]
    assert all_differences() == []


def test_goods_are_handed_over_without_being_put_ready_first(as_admin):
    order = make_order(delivery="collect")
    assert press(as_admin, order, "collected")[0].status_code == 303
    assert order.fulfilment == "done"


@pytest.mark.parametrize(("state", "delivery", "act", "status"), [
    ("open", "ship", "shipped", 422),
    ("placed", "collect", "shipped", 422),
    ("placed", "ship", "ready", 422),
    ("placed", "ship", "collected", 422),
])  # fmt: skip
def test_an_order_leaves_only_the_way_it_was_bought_and_only_when_paid(as_admin, state, delivery, act, status):
    order = make_order(state=state, delivery=delivery)
    answer = as_admin.post(f"/admin/orders/{order.number}/{act}", data={"carrier": "DPD", "cause": "a-page-of-the-desk"})
    assert answer.status_code == status
    assert db.session.scalar(select(func.count(Parcel.id))) == 0


def test_a_form_without_its_cause_changes_nothing(as_admin):
    order = make_order()
    answer = as_admin.post(f"/admin/orders/{order.number}/shipped", data={"carrier": "DPD"})
    assert answer.status_code == 422
    assert order.fulfilment == "open"


def test_a_consultant_sees_orders_but_sends_none(as_consultant):
    order = make_order()
    page = as_consultant.get(f"/admin/orders/{order.number}")
    assert page.status_code == 200
    assert "Mark as sent" not in page.text
    assert as_consultant.post(f"/admin/orders/{order.number}/shipped", data={"carrier": "DPD"}).status_code == 403


def test_a_note_is_kept_once_with_its_author(as_admin):
    order = make_order()
    _, sent = press(as_admin, order, "notes", note="Rang, will collect on Friday.")
    as_admin.post(f"/admin/orders/{order.number}/notes", data=sent)
    page = as_admin.get(f"/admin/orders/{order.number}").text
    assert page.count("Rang, will collect on Friday.") == 1
    assert "by Admin" in page


def test_a_note_that_looks_like_html_stays_text(as_admin):
    order = make_order(name="<script>alert(1)</script>")
    press(as_admin, order, "notes", note="<img src=x onerror=alert(1)>")
    page = as_admin.get(f"/admin/orders/{order.number}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_client_reads_where_the_goods_are(as_admin, client):
    from shop.orders.access import link_token

    sent, ready = make_order(), make_order(delivery="collect")
    press(as_admin, sent, "shipped", carrier="Royal Mail", tracking="AB123")
    press(as_admin, ready, "ready")
    for order, words in ((sent, "with Royal Mail, tracking number AB123"), (ready, "It lies ready for you at")):
        client.get(f"/orders/{order.number}?key={link_token(order.number)}")
        assert words in client.get(f"/orders/{order.number}").text
