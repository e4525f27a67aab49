"""Goods are ordered, come in parts, differ from what was ordered, and what is on its way is known."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.inventory import buying
from shop.inventory.buying import close_short, incoming, lines_of, mark_ordered, set_units, supplier_named, write_purchase
from shop.inventory.buying_models import Purchase, Supplier
from shop.inventory.delivering import shelve
from shop.inventory.models import Stock
from shop.inventory.proposing import proposals, units_to_order
from shop.inventory.scanning import open_sheet, scan
from tests.admin.orders_at_hand import make_order
from tests.support.factories import make_variant

BY = "user:1"


@pytest.fixture
def two(app):
    return make_variant(), make_variant()


def ordered(units, cause="p"):
    purchase = write_purchase(supplier_named("Solenne Labs"), units, cause=cause, by=BY)
    mark_ordered(purchase, expected_on=None, by=BY)
    db.session.commit()
    return purchase


def deliver(purchase, cause, **units):
    sheet = open_sheet("delivery", reference="note", purchase_id=purchase.id, cause=cause, by=BY)
    for n, (sku, count) in enumerate(units.items()):
        scan(sheet, sku, units=count, lot=cause, cause=f"{cause}:{n}", by=BY)
    shelve(sheet, by=BY)
    shelve(sheet, by=BY)
    db.session.commit()


def test_a_draft_is_not_incoming_and_an_order_is(two):
    first, second = two
    purchase = write_purchase(supplier_named("Solenne Labs"), {first.id: 12, second.id: 0}, cause="p", by=BY)
    assert write_purchase(supplier_named("solenne  labs"), {first.id: 1}, cause="p", by=BY) is purchase
    assert incoming() == {}
    set_units(purchase, second.id, 6)
    mark_ordered(purchase, expected_on=None, by=BY)
    assert incoming() == {first.id: 12, second.id: 6}
    assert purchase.expected_on == shop_clock.today() + timedelta(days=7)
    assert len(db.session.scalars(select(Supplier)).all()) == 1
    with pytest.raises(Conflict):
        set_units(purchase, first.id, 1)


def test_a_delivery_comes_in_parts_and_what_is_over_is_told(two):
    first, second = two
    purchase = ordered({first.id: 10, second.id: 5})
    assert buying.differences(purchase, {first.id: 4}) == {first.id: -6, second.id: -5}
    deliver(purchase, "d1", **{first.sku: 4})
    assert (purchase.state, incoming()) == ("part", {first.id: 6, second.id: 5})
    deliver(purchase, "d2", **{first.sku: 6, second.sku: 7})
    assert (purchase.state, incoming()) == ("done", {})
    assert [(line.received, line.outstanding) for line in lines_of(purchase)] == [(10, 0), (7, 0)]
    assert sum(db.session.scalars(select(Stock.on_hand))) == 17
    assert all_differences() == []


def test_what_nobody_ordered_is_shelved_and_counts_for_nothing(two):
    first, second = two
    purchase = ordered({first.id: 2})
    assert buying.differences(purchase, {second.id: 1}) == {first.id: -2, second.id: 1}
    deliver(purchase, "d", **{second.sku: 1})
    assert (purchase.state, incoming()) == ("part", {first.id: 2})


@pytest.mark.parametrize(("came", "state"), [(0, "cancelled"), (3, "done")])
def test_what_will_not_come_is_no_longer_incoming(two, came, state):
    first, _ = two
    purchase = ordered({first.id: 8})
    if came:
        deliver(purchase, "d", **{first.sku: came})
    close_short(purchase, by=BY)
    assert (purchase.state, incoming()) == (state, {})
    with pytest.raises(Conflict):
        close_short(purchase, by=BY)


@pytest.mark.parametrize(("name", "units"), [("", 1), ("x" * 121, 1), ("Solenne", 0), ("Solenne", -1), ("Solenne", 10**6)])
def test_nonsense_is_refused(two, name, units):
    with pytest.raises(Refused):
        write_purchase(supplier_named(name), {two[0].id: units}, cause="p", by=BY)
    db.session.rollback()
    assert db.session.scalars(select(Purchase)).all() == []


@pytest.mark.parametrize(("sold", "sellable", "coming", "units"), [
    (28, 4, 0, 45), (28, 4, 40, 5), (28, 49, 0, 0), (28, 4, 90, 0), (1, 0, 0, 2), (3, 0, 0, 6),
])  # fmt: skip
def test_the_proposal_covers_the_way_and_six_weeks(sold, sellable, coming, units):
    facts = {"sold": sold, "sellable": sellable, "incoming": coming, "lead_days": 7, "cover_days": 42}
    assert units_to_order(**facts) == units


def test_what_runs_low_is_proposed_until_it_is_on_its_way(app):
    from tests.admin.orders_at_hand import make_shelf

    shelf = make_shelf(6)
    make_order(stock=shelf, units=4)
    db.session.commit()
    (row,) = proposals()
    assert (row.shelf.sold, row.shelf.sellable, row.units, row.supplier) == (4, 2, 5, "")
    ordered({shelf.variant_id: row.units})
    assert proposals() == []
    ordered_one = db.session.scalars(select(Purchase)).one()
    close_short(ordered_one, by=BY)
    assert [row.supplier for row in proposals()] == ["Solenne Labs"]
