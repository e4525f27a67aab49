"""A count is blind; its difference is approved by a person and moves the shelf by exactly that."""

import pytest
from sqlalchemy import select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.inventory import holding
from shop.inventory.counting import longest_uncounted
from shop.inventory.models import Stock
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.support.factories import make_stock, make_variant
from tests.support.forms import forms


def sku_of(shelf):
    return db.session.scalars(select(Variant.sku).where(Variant.id == shelf.variant_id)).one()


def begin(browser, scope="longest"):
    path = "/admin/stock/counts"
    form = next(f for f in forms(browser.get(path).text, here=path) if "scope" in f.names)
    answer = browser.post(path, data={**form.fields, "scope": scope})
    assert answer.status_code == 303, answer.text[:3000]
    return answer.headers["Location"]


def scan(browser, path, code, units=1, **typed):
    form = next(f for f in forms(browser.get(path).text, here=path) if "code" in f.names)
    return browser.post(path, data={**form.fields, "code": code, "units": str(units), **typed})


@pytest.fixture
def keeper(as_role):
    return as_role("stock")


def test_the_page_does_not_say_what_should_be_there(keeper):
    shelf = make_shelf(4831)
    path = begin(keeper)
    assert "4831" not in keeper.get(path).text.split("<main", 1)[1].replace(sku_of(shelf), "")


def test_the_difference_changes_the_shelf_only_when_approved(keeper):
    shelf = make_shelf(10)
    path = begin(keeper)
    scan(keeper, path, sku_of(shelf), 7)
    assert keeper.post(f"{path}/close").status_code == 303
    assert "-3" in keeper.get(path).text
    assert db.session.get_one(Stock, shelf.id).on_hand == 10
    for _ in range(2):
        assert keeper.post(f"{path}/approve").status_code == 303
    assert db.session.get_one(Stock, shelf.id).on_hand == 7
    assert all_differences() == []


def test_what_leaves_between_counting_and_approving_stays_left(keeper):
    shelf = make_shelf(10)
    order = make_order(stock=shelf, units=2)
    path = begin(keeper)
    scan(keeper, path, sku_of(shelf), 9)
    keeper.post(f"{path}/close")
    holding.dispatch([(shelf.id, 2)], cause=f"order:{order.number}", by="the tests")
    keeper.post(f"{path}/approve")
    assert db.session.get_one(Stock, shelf.id).on_hand == 7


def test_what_nobody_scanned_counts_as_none(keeper):
    shelf = make_shelf(4)
    path = begin(keeper)
    keeper.post(f"{path}/close")
    keeper.post(f"{path}/approve")
    assert db.session.get_one(Stock, shelf.id).on_hand == 0


def test_more_promised_than_found_is_a_question_for_a_person(keeper):
    shelf = make_shelf(4)
    make_order(stock=shelf, units=3)
    path = begin(keeper)
    scan(keeper, path, sku_of(shelf), 1)
    keeper.post(f"{path}/close")
    answer = keeper.post(f"{path}/approve")
    assert answer.status_code == 422
    assert "promised to orders already" in answer.text
    assert db.session.get_one(Stock, shelf.id).on_hand == 4


def test_a_lot_nobody_knew_is_found(keeper):
    shelf = make_shelf(4)
    path = begin(keeper)
    scan(keeper, path, sku_of(shelf), 4)
    scan(keeper, path, sku_of(shelf), 2, lot="NEW", expires_on="2028-01-31")
    keeper.post(f"{path}/close")
    keeper.post(f"{path}/approve")
    assert sorted(db.session.scalars(select(Stock.on_hand))) == [2, 4]


def test_two_lots_on_the_shelf_ask_which_one(keeper):
    variant = make_variant()
    make_stock(variant, 2, lot="A")
    make_stock(variant, 2, lot="B")
    path = begin(keeper)
    answer = scan(keeper, path, variant.sku)
    assert answer.status_code == 422
    assert "More than one lot" in answer.text
    assert scan(keeper, path, variant.sku, lot="A").status_code == 303


def test_what_is_not_part_of_the_count_is_not_counted(keeper):
    make_shelf(4)
    path = begin(keeper)
    assert scan(keeper, path, make_variant().sku).status_code == 422


def test_counting_goes_on_after_a_look_at_the_difference(keeper):
    shelf = make_shelf(4)
    path = begin(keeper)
    scan(keeper, path, sku_of(shelf), 3)
    keeper.post(f"{path}/close")
    assert keeper.post(f"{path}/again").status_code == 303
    scan(keeper, path, sku_of(shelf), 1)
    keeper.post(f"{path}/close")
    assert "agrees" in keeper.get(path).text


def test_the_shelves_that_waited_longest_come_first(keeper):
    shelves = [make_shelf(1) for _ in range(7)]
    first = [shelf.variant_id for shelf in shelves[:5]]
    assert longest_uncounted() == first
    begin(keeper)
    assert longest_uncounted()[:2] == [shelf.variant_id for shelf in shelves[5:]]
    assert "5" in str(len(longest_uncounted()))


def test_a_count_needs_something_to_count(keeper):
    path = "/admin/stock/counts"
    assert keeper.post(path, data={"scope": "longest", "cause": "a-page-of-the-desk"}).status_code == 422
    assert keeper.post(path, data={"scope": "nobody", "cause": "a-page-of-the-desk"}).status_code == 422
