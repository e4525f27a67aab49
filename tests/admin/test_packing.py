"""The packing table: scans, the slip, the part that is sent, the empty shelf and the parcel that goes again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.inventory.bins import bins_of
from shop.inventory.models import Stock
from shop.orders.models import OrderLine, Parcel
from shop.orders.pack_models import PackScan
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.support.forms import forms


def fill_in(browser, path, ends, **typed):
    """Send the form of that page whose address ends so."""
    form = next(f for f in forms(browser.get(path).text, here=path) if f.action.endswith(ends))
    sent = {**form.fields, **typed}
    return browser.post(form.action, data=sent), sent


@pytest.fixture
def order(app):
    order = make_order(units=3)
    db.session.commit()
    return order


def path_of(order, rest=""):
    return f"/admin/orders/{order.number}{rest}"


def line_of(order):
    return db.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).first()


def sku_of_line(order):
    from shop.catalog.models import Variant

    return db.session.scalar(select(Variant.sku).where(Variant.id == line_of(order).variant_id))


def test_three_scans_fill_the_parcel_and_two_of_them_leave(as_role, order):
    keeper = as_role("stock")
    sku = sku_of_line(order)
    for _ in range(2):
        assert fill_in(keeper, path_of(order, "/pack"), "/pack", code=sku)[0].status_code == 303
    page = keeper.get(path_of(order, "/pack")).text
    assert "2 of 3 in the parcel" in page
    assert f"units-{line_of(order).id}" in page
    assert ">2<" in keeper.get(path_of(order, "/slip")).text.replace('class="number place"', "").replace("<td >", ">")
    answer, _ = fill_in(keeper, path_of(order, "/pack"), "/shipped", carrier="DPD")
    assert answer.status_code == 303
    db.session.expire_all()
    assert (order.fulfilment, line_of(order).done) == ("part", 2)
    assert "A part sent" in keeper.get("/admin/orders").text
    assert all_differences() == []


def test_a_scan_that_fits_nowhere_gets_a_sentence_and_keeps_what_was_typed(as_admin, order):
    answer, _ = fill_in(as_admin, path_of(order, "/pack"), "/pack", code="4999999999999", lot="L7")
    assert answer.status_code == 422
    assert "No article has the code" in answer.text
    assert 'value="L7"' in answer.text


def test_the_parcel_is_emptied_again(as_admin, order):
    fill_in(as_admin, path_of(order, "/pack"), "/pack", code=sku_of_line(order))
    assert fill_in(as_admin, path_of(order, "/pack"), "/unpack")[0].status_code == 303
    assert db.session.scalars(select(PackScan.id)).all() == []


def test_the_pick_list_has_every_waiting_order_at_its_place(as_role, order):
    keeper = as_role("stock")
    variant = line_of(order).variant_id
    assert fill_in(keeper, f"/admin/stock/{variant}", "/place", bin="b 3")[0].status_code == 303
    assert bins_of([variant]) == {variant: "B 3"}
    page = keeper.get("/admin/orders/picking").text
    assert "B 3" in page
    assert order.number in page


def test_a_part_is_chosen_on_the_orders_own_page(as_admin, order):
    fields = {f"units-{line_of(order).id}": "1", "carrier": "DPD"}
    assert fill_in(as_admin, path_of(order), "/shipped", **fields)[0].status_code == 303
    assert line_of(order).done == 1
    for nonsense in ("x", "-1", "4", "99999999999999999999"):
        fields = {f"units-{line_of(order).id}": nonsense, "carrier": "DPD"}
        assert fill_in(as_admin, path_of(order), "/shipped", **fields)[0].status_code == 422


def test_an_empty_shelf_is_said_on_a_form_that_keeps_what_was_typed(as_admin, order, mailbox):
    path = path_of(order, f"/lines/{line_of(order).id}/missing")
    answer, _ = fill_in(as_admin, path, "/missing", units="1", way="wait", sku="keeps")
    assert answer.status_code == 422
    assert "Say on which day it is expected" in answer.text
    assert 'value="keeps"' in answer.text
    until = (shop_clock.today() + timedelta(days=4)).isoformat()
    assert fill_in(as_admin, path, "/missing", units="1", way="split", until=until)[0].status_code == 303
    page = as_admin.get(path_of(order)).text
    assert "owed, expected" in page
    assert "Not on the shelf: it follows" in page
    assert "We expect it on" in mailbox.last(order.email).text
    make_more(order)
    owed = db.session.scalars(select(OrderLine).where(OrderLine.stock_id.is_(None))).one()
    assert fill_in(as_admin, path_of(order), f"/lines/{owed.id}/arrived")[0].status_code == 303
    db.session.expire_all()
    assert owed.stock_id is not None
    assert all_differences() == []


def make_more(order):
    from shop.inventory.receiving import receive

    receive(line_of(order).variant_id, units=5, cause="more", by="the tests", lot="NEW")
    db.session.commit()


def test_who_may_not_refund_cannot_choose_it_for_an_empty_shelf(as_role, order):
    keeper = as_role("stock")
    path = path_of(order, f"/lines/{line_of(order).id}/missing")
    assert "Pay this back" not in keeper.get(path).text
    form = next(f for f in forms(keeper.get(path).text, here=path) if f.action.endswith("/missing"))
    assert keeper.post(path, data={**form.fields, "units": "1", "way": "refund"}).status_code == 422
    assert db.session.scalars(select(Stock.allocated)).one() == 3


def test_a_lost_parcel_goes_again_from_its_own_page(as_admin, order):
    fill_in(as_admin, path_of(order), "/shipped", carrier="DPD")
    parcel = db.session.scalars(select(Parcel.id)).one()
    path = path_of(order, f"/parcels/{parcel}/replace")
    answer, _ = fill_in(as_admin, path, "/replace", why="lost", **{f"units-{line_of(order).id}": "9"})
    assert answer.status_code == 422
    assert 'value="9"' in answer.text
    assert fill_in(as_admin, path, "/replace", why="lost")[0].status_code == 303
    page = as_admin.get(path_of(order)).text
    assert "Sent again: the parcel was lost" in page
    assert "Lost on the way: sent again" in page
    assert "Mark as sent" in page
    assert all_differences() == []


def test_the_list_costs_the_same_for_many_lines(as_admin, statements):
    shelf = make_shelf(50)
    make_order(stock=shelf)
    db.session.commit()
    as_admin.get("/admin/orders/picking")
    with statements() as few:
        as_admin.get("/admin/orders/picking")
    for _ in range(6):
        make_order(units=2)
    db.session.commit()
    with statements() as many:
        as_admin.get("/admin/orders/picking")
    assert len(many) == len(few)
