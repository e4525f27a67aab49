"""The stock desk: what stands where, why it changed, what runs low and what ends."""

from datetime import timedelta

from sqlalchemy import func, select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core import clock
from shop.core.db import db
from shop.inventory.models import Stock, StockMovement
from shop.inventory.reporting import ending_soon, running_low, shelf_of
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.support.factories import make_product, make_stock, make_variant
from tests.support.forms import forms


def correct_form(browser, stock, **typed):
    path = f"/admin/stock/{stock.variant_id}"
    form = next(f for f in forms(browser.get(path).text, here=path) if "reason" in f.names)
    return path, {**form.fields, "stock": str(stock.id), **typed}


def test_the_sums_of_an_article_are_those_of_its_lots(app):
    variant = make_variant()
    make_stock(variant, 5, lot="A", expires_on=clock.today() + timedelta(days=200))
    make_stock(variant, 7, lot="B", expires_on=clock.today() - timedelta(days=1))
    shelf = shelf_of(variant.id)
    assert (shelf.on_hand, shelf.available, shelf.sellable) == (12, 12, 5)


def test_scanning_into_the_search_opens_the_article(as_admin):
    variant = make_variant(barcode="5012345678900")
    for code in (variant.sku, variant.sku.lower(), "5012345678900", "0105012345678900"[2:]):
        answer = as_admin.get("/admin/stock", query_string={"q": code})
        assert answer.headers.get("Location") == f"/admin/stock/{variant.id}", code


def test_a_correction_needs_a_reason_and_happens_once(as_role):
    keeper, shelf = as_role("stock"), make_shelf(10)
    path, sent = correct_form(keeper, shelf, units="-2", reason="")
    assert keeper.post(path, data=sent).status_code == 422
    for _ in range(2):
        assert keeper.post(path, data={**sent, "reason": "tester", "note": "for room 2"}).status_code == 303
    assert db.session.get_one(Stock, shelf.id).on_hand == 8
    assert "Tester: for room 2" in keeper.get(path).text
    assert all_differences() == []


def test_a_shelf_cannot_be_corrected_below_what_is_promised(as_admin):
    shelf = make_shelf(3)
    make_order(stock=shelf, units=2)
    path, sent = correct_form(as_admin, shelf, units="-2", reason="broken")
    answer = as_admin.post(path, data=sent)
    assert answer.status_code == 422
    assert "promised to orders already" in answer.text
    assert 'value="-2"' in answer.text


def test_a_shelf_of_another_article_is_not_reached(as_admin):
    one, other = make_shelf(3), make_shelf(3)
    path, sent = correct_form(as_admin, one, units="-1", reason="broken")
    assert as_admin.post(path, data={**sent, "stock": str(other.id)}).status_code == 404


def test_what_was_sold_decides_what_runs_low(app):
    fast, slow = make_shelf(5), make_shelf(60)
    for shelf in (fast, slow):
        make_order(stock=shelf, units=4)
    row = running_low()
    assert [low.variant_id for low in row] == [fast.variant_id]
    assert row[0].cover_days == 1 * 28 // 4


def test_an_order_called_off_was_no_sale(app):
    from shop.inventory import holding

    shelf = make_shelf(6)
    make_order(stock=shelf, units=4)
    holding.deallocate([(shelf.id, 4)], cause="cancel:test", by="the tests")
    assert running_low() == []


def test_lots_that_end_soon_are_listed_soonest_first(as_admin):
    variant, today = make_variant(), clock.today()
    for lot, days in (("LATE", 80), ("SOON", 5), ("FAR", 400), ("OVER", -3)):
        make_stock(variant, 1, lot=lot, expires_on=today + timedelta(days=days))
    assert [row.code for row in ending_soon()] == ["OVER", "SOON", "LATE"]
    page = as_admin.get("/admin/stock?view=ending").text
    assert "FAR" not in page


def test_the_list_costs_the_same_for_three_articles_and_for_thirty(as_admin, statements):
    for _ in range(3):
        make_product(stock=2)
    as_admin.get("/admin/stock")
    with statements() as few:
        as_admin.get("/admin/stock")
    for _ in range(27):
        make_product(variants=2, stock=2)
    with statements() as many:
        page = as_admin.get("/admin/stock")
    assert page.text.count("data-row") == 57
    assert len(many) == len(few), many


def test_a_long_list_goes_on_by_name(app):
    from shop.inventory.reporting import shelves

    for letter in "dacbe":
        make_product(name=f"Cream {letter}")
    first = shelves(limit=3)
    second = shelves(after=first.after, limit=3)
    assert [row.name[-1] for row in first.rows + second.rows] == list("abcde")
    assert second.after is None


def test_movements_say_who_and_why(as_admin):
    shelf = make_shelf(10)
    order = make_order(stock=shelf)
    page = as_admin.get(f"/admin/stock/{shelf.variant_id}").text
    assert "Counted in" in page
    assert "Promised" in page
    assert db.session.scalar(select(func.count(StockMovement.id)).where(StockMovement.cause.contains(order.number))) == 1


def test_the_stock_desk_knows_articles_without_any_shelf(as_admin):
    make_variant()
    variant = db.session.scalars(select(Variant)).first()
    assert "Nothing has been counted in yet." in as_admin.get(f"/admin/stock/{variant.id}").text
