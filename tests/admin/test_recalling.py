"""A lot is recalled: exactly those who got it are written to, once each; nobody else gets it from then on."""

import csv
from io import StringIO

import pytest
from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Lot, Stock
from shop.orders.fulfilling import mark_shipped
from shop.orders.recalling import who_got
from tests.admin.orders_at_hand import make_order
from tests.support.factories import make_stock, make_variant


@pytest.fixture
def lots(app):
    """(stock of L1, stock of L2) of one serum that lasts 42 days."""
    variant = make_variant(content_amount=30)
    product = db.session.get_one(Product, variant.product_id)
    product.amount_per_use_ml, product.uses_per_day = "0.35", 2
    return make_stock(variant, 20, lot="L1"), make_stock(variant, 20, lot="L2")


def sent(stock, **given):
    order = make_order(stock=stock, **given)
    mark_shipped(order, carrier="DPD", tracking="", cause=f"shipped:{order.number}", by="user:1")
    return order


def recall(browser, stock, **typed):
    words = {"reason_why": "A cap may leak.", "advice": "Stop using it and bring it back."}
    return browser.post(f"/admin/stock/lots/{stock.lot_id}/recall", data={**words, **typed})


def test_exactly_those_who_got_the_lot_get_one_message(as_admin, lots, mailbox):
    first, second = lots
    sent(first, email="one@example.com")
    sent(second, email="two@example.com", units=2)
    sent(second, email="Two@Example.com")
    make_order(stock=second, email="waits@example.com")
    assert recall(as_admin, second).status_code == 303
    assert recall(as_admin, second).status_code == 303
    recalled = [mail for mail in mailbox if "called back" in mail.text]
    assert [mail.to.lower() for mail in recalled] == ["two@example.com"]
    assert "3 ×" in recalled[0].text
    assert "lot L2" in recalled[0].text
    assert "Stop using it and bring it back." in recalled[0].text


def test_a_recalled_lot_is_not_sold_any_more(as_admin, lots):
    first, second = lots
    recall(as_admin, first)
    variant = db.session.get_one(Variant, first.variant_id)
    assert variant.in_stock
    recall(as_admin, second)
    db.session.expire_all()
    assert not variant.in_stock


def test_goods_of_a_recalled_lot_leave_only_after_another_was_chosen(as_admin, lots):
    first, second = lots
    order = make_order(stock=second, units=2)
    recall(as_admin, second)
    ship = {"carrier": "DPD", "cause": "a-page-of-the-desk"}
    answer = as_admin.post(f"/admin/orders/{order.number}/shipped", data=ship)
    assert answer.status_code == 422
    assert "Lot L2 is set aside or recalled" in answer.text
    assert order.number in as_admin.get(f"/admin/stock/lots/{second.lot_id}").text
    line_id = order_line(order)
    for _ in range(2):
        answer = as_admin.post(
            f"/admin/orders/{order.number}/lines/{line_id}/lot", data={"lot": "L1", "cause": "another-page-of-it"}
        )
        assert answer.status_code == 303
    assert as_admin.post(f"/admin/orders/{order.number}/shipped", data=ship).status_code == 303
    assert [got.number for got in who_got(first.lot_id)] == [order.number]
    assert who_got(second.lot_id) == []
    assert all_differences() == []


def order_line(order):
    from shop.orders.models import OrderLine

    return db.session.scalars(select(OrderLine.id).where(OrderLine.order_id == order.id)).one()


@pytest.mark.parametrize("lot", ["", "L9", "L2\x00", "x" * 500])
def test_a_lot_that_is_not_there_changes_nothing(as_admin, lots, lot):
    order = make_order(stock=lots[0])
    data = {"lot": lot, "cause": "a-page-of-the-desk"}
    answer = as_admin.post(f"/admin/orders/{order.number}/lines/{order_line(order)}/lot", data=data)
    assert answer.status_code in (303, 422)
    assert all_differences() == []


def test_another_lot_with_too_few_units_is_refused(as_admin, lots):
    first, _ = lots
    make_stock(db.session.get_one(Variant, first.variant_id), 1, lot="L3")
    order = make_order(stock=first, units=2)
    data = {"lot": "L3", "cause": "a-page-of-the-desk"}
    answer = as_admin.post(f"/admin/orders/{order.number}/lines/{order_line(order)}/lot", data=data)
    assert answer.status_code == 422
    assert db.session.get_one(Stock, first.id).allocated == 2


def test_the_page_says_who_may_still_be_using_it(as_admin, lots):
    sent(lots[1])
    assert "until about" in as_admin.get(f"/admin/stock/lots/{lots[1].lot_id}").text


def test_the_table_for_a_spreadsheet_calculates_nothing(as_admin, lots):
    order = sent(lots[1], name='=HYPERLINK("http://evil.example")', phone="+44 20 7946 0112")
    answer = as_admin.get(f"/admin/stock/lots/{lots[1].lot_id}/clients.csv")
    rows = list(csv.reader(StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[1][:4] == [order.number, '\'=HYPERLINK("http://evil.example")', order.email, "'+44 20 7946 0112"]


def test_setting_a_lot_aside_can_be_undone_and_a_recall_cannot(as_admin, lots):
    lot_id = lots[1].lot_id
    path = f"/admin/stock/lots/{lot_id}"
    assert as_admin.post(f"{path}/aside", data={"reason": ""}).status_code == 422
    assert as_admin.post(f"{path}/aside", data={"reason": "smells odd"}).status_code == 303
    assert as_admin.post(f"{path}/aside", data={"reason": "smells odd"}).status_code == 409
    assert as_admin.post(f"{path}/release", data={"reason": "checked"}).status_code == 303
    recall(as_admin, lots[1])
    assert as_admin.post(f"{path}/release", data={"reason": "no"}).status_code == 409
    assert db.session.get_one(Lot, lot_id).state == "recalled"


def test_a_consultant_does_not_recall(as_consultant, lots):
    assert recall(as_consultant, lots[0]).status_code == 403
