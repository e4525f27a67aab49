"""Goods that come back are found by scanning them, and settled by whether they were opened."""

import pytest
from sqlalchemy import select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders.fulfilling import mark_shipped
from shop.orders.models import OrderLine
from shop.orders.withdrawing import withdraw
from shop.payments.models import Refund
from tests.admin.test_packing import fill_in
from tests.orders.buying import place_order
from tests.support.factories import make_variant
from tests.support.tills import read

PATH = "/admin/orders/returns"


@pytest.fixture
def called_off(app):
    """A sent order of two articles that was called off, and another that was not."""
    first, second = make_variant(stock=5, price_minor=3000), make_variant(stock=5, price_minor=2000)
    order, _ = place_order(first, second), place_order(first)
    mark_shipped(order, carrier="DPD", tracking="", cause="s", by="user:1")
    withdraw(order, by="client:1", cause="w")
    db.session.commit()
    return order, first, second


def test_scanning_an_article_finds_who_sent_it_back(as_admin, called_off):
    order, first, second = called_off
    page = as_admin.get(f"{PATH}?q={first.sku}").text
    assert order.number in page
    assert "£30.00" in page
    assert "£20.00" not in page
    assert "£20.00" in as_admin.get(f"{PATH}?q={second.sku}").text
    assert "£20.00" in as_admin.get(f"{PATH}?q={order.number.removeprefix('AG-').lower()}").text
    assert "Nobody waits" in as_admin.get(f"{PATH}?q=nothing").text


def test_unopened_goods_are_paid_back_and_shelved_and_leave_the_list(as_admin, called_off):
    order, first, _ = called_off
    answer, _ = fill_in(as_admin, f"{PATH}?q={first.sku}", f"{order.number}/returns", state="unopened", to_shelf="y")
    assert answer.status_code == 303
    assert [refund.amount_minor for refund in read(select(Refund))] == [3000]
    stock = select(Stock.on_hand).join(Variant, Variant.id == Stock.variant_id).where(Variant.id == first.id)
    assert db.session.scalars(stock).one() == 5
    assert order.number not in as_admin.get(f"{PATH}?q={first.sku}").text
    assert all_differences() == []


def test_opened_goods_are_not(as_admin, called_off):
    order, first, _ = called_off
    fill_in(as_admin, f"{PATH}?q={first.sku}", f"{order.number}/returns", state="opened")
    assert read(select(Refund)) == []


def test_only_those_who_pay_back_see_it(as_role):
    assert as_role("stock").get(PATH).status_code == 403


def test_a_disputed_order_says_so_with_its_file(standin, paid, worker, as_admin):
    from tests.orders.test_disputing import intent_of

    assert "bank is examining" not in as_admin.get(f"/admin/orders/{paid.number}").text
    number = paid.number
    standin.desk.open_dispute(intent_of(number))
    worker()
    page = as_admin.get(f"/admin/orders/{number}").text
    assert "bank is examining this payment" in page
    assert f"/admin/orders/{number}/evidence.pdf" in page
    assert db.session.scalars(select(OrderLine.done)).first() == 0
