"""The stock desk orders from suppliers, scans what comes against it, and carries goods to a second location."""

from sqlalchemy import select

from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.buying import incoming
from shop.inventory.buying_models import Purchase
from shop.inventory.models import Location, Stock, StockMovement
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.admin.test_packing import fill_in
from tests.support.factories import make_stock, make_variant


def test_from_the_proposal_to_the_shelf(as_role):
    keeper, shelf = as_role("stock"), make_shelf(6)
    make_order(stock=shelf, units=4)
    db.session.commit()
    assert "Purchases" not in keeper.get("/admin/stock").text
    path = "/admin/stock/reorder"
    answer, _ = fill_in(keeper, path, "/reorder", supplier="", **{f"units-{shelf.variant_id}": "7"})
    assert answer.status_code == 422
    assert 'value="7"' in answer.text
    answer, _ = fill_in(keeper, path, "/reorder", supplier="Solenne Labs")
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert fill_in(keeper, page, "/order", expected_on="2099-01-01")[0].status_code == 303
    assert incoming() == {shelf.variant_id: 5}
    assert "Purchases" in keeper.get("/admin/stock").text
    assert "Incoming" in keeper.get(f"/admin/stock/{shelf.variant_id}").text
    sheet = fill_in(keeper, page, "/delivery")[0].headers["Location"]
    assert fill_in(keeper, page, "/delivery")[0].headers["Location"] == sheet
    from shop.catalog.models import Variant

    sku = db.session.scalar(select(Variant.sku).where(Variant.id == shelf.variant_id))
    fill_in(keeper, sheet, sheet, code=sku, units="3")
    assert "-2" in keeper.get(sheet).text
    assert fill_in(keeper, sheet, "/shelve")[0].status_code == 303
    assert "A part has come" in keeper.get(page).text
    assert fill_in(keeper, page, "/close")[0].status_code == 303
    db.session.expire_all()
    assert db.session.scalars(select(Purchase.state)).one() == "done"
    assert all_differences() == []


def test_a_purchase_is_written_by_hand_and_thrown_away(as_admin):
    variant = make_variant()
    db.session.commit()
    page = fill_in(as_admin, "/admin/stock/reorder", "/reorder", supplier="Dermiva", **{f"units-{variant.id}": "2"})[0]
    page = page.headers["Location"]
    assert fill_in(as_admin, page, page, code="nothing", units="1")[0].status_code == 422
    assert fill_in(as_admin, page, page, code=variant.sku, units="9")[0].status_code == 303
    assert ">9<" in as_admin.get(page).text
    assert fill_in(as_admin, page, "/close")[0].status_code == 303
    assert db.session.scalars(select(Purchase.state)).one() == "cancelled"
    assert (
        fill_in(as_admin, "/admin/stock/reorder", "/reorder", supplier="Dermiva", **{"units-x": "2"})[0].status_code == 422
    )


def test_a_second_location_shows_itself_when_there_is_one(as_admin):
    variant = make_variant()
    stock = make_stock(variant, 5, lot="A")
    db.session.commit()
    path = f"/admin/stock/{variant.id}"
    assert "another location" not in as_admin.get(path).text
    assert fill_in(as_admin, "/admin/stock/locations", "/locations", name="Room 2")[0].status_code == 303
    assert fill_in(as_admin, "/admin/stock/locations", "/locations", name="room 2")[0].status_code == 422
    there = db.session.scalars(select(Location.id).where(Location.slug == "room-2")).one()
    answer, sent = fill_in(as_admin, path, "/transfer", source=str(stock.id), to=str(there), carried="2")
    assert answer.status_code == 303
    as_admin.post(f"{path}/transfer", data=sent)
    db.session.expire_all()
    assert sorted(db.session.scalars(select(Stock.on_hand))) == [2, 3]
    assert db.session.scalars(select(StockMovement.kind).order_by(StockMovement.id)).all()[-2:] == ["transfer", "transfer"]
    for typed in ({"carried": "4"}, {"carried": "0"}, {"to": str(stock.location_id)}, {"source": "x"}, {"to": ""}):
        answer, _ = fill_in(
            as_admin, path, "/transfer", **{"source": str(stock.id), "to": str(there), "carried": "1", **typed}
        )
        assert answer.status_code in (404, 422)
    assert "Room 2" in as_admin.get(path).text
    assert all_differences() == []


def test_a_count_is_about_one_location(as_admin):
    variant = make_variant()
    stock = make_stock(variant, 5, lot="A")
    db.session.commit()
    fill_in(as_admin, "/admin/stock/locations", "/locations", name="Room 2")
    there = db.session.scalars(select(Location.id).where(Location.slug == "room-2")).one()
    fill_in(as_admin, f"/admin/stock/{variant.id}", "/transfer", source=str(stock.id), to=str(there), carried="2")
    answer, _ = fill_in(as_admin, "/admin/stock/counts", "/counts", scope="longest", location=str(there))
    sheet = answer.headers["Location"]
    fill_in(as_admin, sheet, sheet, code=variant.sku, units="1")
    as_admin.post(f"{sheet}/close")
    as_admin.post(f"{sheet}/approve")
    db.session.expire_all()
    assert db.session.execute(select(Stock.location_id, Stock.on_hand).order_by(Stock.id)).all() == [
        (stock.location_id, 3),
        (there, 1),
    ]
    assert all_differences() == []
