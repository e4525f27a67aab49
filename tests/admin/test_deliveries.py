"""A delivery is scanned: repeated scans add up, clicks do not, and the shelf changes once."""

from datetime import date

import pytest
from sqlalchemy import func, select

from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Lot, Stock
from shop.inventory.sheet_models import SheetScan, StockSheet
from tests.support.factories import make_stock, make_variant
from tests.support.forms import forms

EAN = "5012345678900"


@pytest.fixture
def sheet(as_role):
    """(browser, path) of a delivery that has just been opened."""
    keeper = as_role("stock")
    path = "/admin/stock/deliveries"
    form = next(f for f in forms(keeper.get(path).text, here=path) if "reference" in f.names)
    answer = keeper.post(path, data={**form.fields, "reference": "Solenne, note 4711"})
    assert answer.status_code == 303
    return keeper, answer.headers["Location"]


def scan(browser, path, **typed):
    form = next(f for f in forms(browser.get(path).text, here=path) if "code" in f.names)
    sent = {**form.fields, **typed}
    return browser.post(path, data=sent), sent


def units():
    return db.session.scalar(select(func.coalesce(func.sum(SheetScan.units), 0)))


def test_repeated_scans_of_an_article_add_up_in_its_lot(sheet):
    keeper, path = sheet
    variant = make_variant(barcode=EAN)
    scan(keeper, path, code=EAN, lot="L2", expires_on="2027-05-31")
    scan(keeper, path, code=EAN)
    scan(keeper, path, code=variant.sku, units="3")
    assert db.session.execute(select(SheetScan.lot, func.sum(SheetScan.units)).group_by(SheetScan.lot)).all() == [("L2", 5)]
    keeper.post(f"{path}/shelve")
    lot = db.session.scalars(select(Lot)).one()
    assert (lot.code, lot.expires_on) == ("L2", date(2027, 5, 31))
    assert db.session.scalars(select(Stock.on_hand)).one() == 5
    assert all_differences() == []


def test_a_gs1_code_brings_lot_and_expiry(sheet):
    keeper, path = sheet
    make_variant(barcode=EAN)
    scan(keeper, path, code=f"010{EAN}1727053110L9")
    assert db.session.execute(select(SheetScan.lot, SheetScan.expires_on)).one() == ("L9", date(2027, 5, 31))


def test_a_lot_that_stands_before_the_expiry_ends_where_the_scanner_says_so(sheet):
    keeper, path = sheet
    make_variant(barcode=EAN)
    scan(keeper, path, code=f"]d2010{EAN}10L9\x1d17270531")
    assert db.session.execute(select(SheetScan.lot, SheetScan.expires_on)).one() == ("L9", date(2027, 5, 31))


def test_the_same_form_sent_twice_is_one_scan(sheet):
    keeper, path = sheet
    make_variant(barcode=EAN)
    _, sent = scan(keeper, path, code=EAN, units="4")
    keeper.post(path, data=sent)
    assert units() == 4


def test_a_wrong_scan_is_taken_back_but_not_below_nothing(sheet):
    keeper, path = sheet
    make_variant(barcode=EAN)
    scan(keeper, path, code=EAN, units="2")
    assert scan(keeper, path, code=EAN, units="-1")[0].status_code == 303
    answer, _ = scan(keeper, path, code=EAN, units="-2")
    assert answer.status_code == 422
    assert "Only 1 of this lot" in answer.text
    assert units() == 1


def test_an_unknown_code_gets_a_sentence_and_keeps_what_was_typed(sheet):
    keeper, path = sheet
    answer, _ = scan(keeper, path, code="4999999999999", lot="L7")
    assert answer.status_code == 422
    assert "No article has the code" in answer.text
    assert 'value="L7"' in answer.text


def test_a_lot_keeps_its_date(sheet):
    keeper, path = sheet
    make_stock(make_variant(barcode=EAN), 2, lot="L2", expires_on=date(2027, 5, 31))
    answer, _ = scan(keeper, path, code=EAN, lot="L2", expires_on="2028-01-01")
    assert answer.status_code == 422
    assert "ends on" in answer.text


@pytest.mark.parametrize("typed", [{"units": "0"}, {"units": "x"}, {"units": "99999999999999999999"}, {"expires_on": "soon"},
                                   {"expires_on": "9999-01-01"}, {"lot": "x" * 60}, {"code": ""}])  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(sheet, typed):
    keeper, path = sheet
    make_variant(barcode=EAN)
    assert scan(keeper, path, **{"code": EAN, **typed})[0].status_code == 422
    assert units() == 0


def test_a_delivery_reaches_the_shelf_once(sheet):
    keeper, path = sheet
    make_variant(barcode=EAN)
    scan(keeper, path, code=EAN, units="6")
    for _ in range(2):
        assert keeper.post(f"{path}/shelve").status_code == 303
    assert db.session.scalars(select(Stock.on_hand)).one() == 6
    assert scan_closed(keeper, path).status_code == 409


def scan_closed(browser, path):
    return browser.post(path, data={"code": EAN, "units": "1", "cause": "a-page-from-before"})


def test_an_empty_delivery_changes_no_shelf(sheet):
    keeper, path = sheet
    answer = keeper.post(f"{path}/shelve")
    assert answer.status_code == 422
    assert db.session.scalars(select(StockSheet.state)).one() == "open"


def test_a_sheet_that_is_thrown_away_changes_no_shelf(sheet):
    keeper, path = sheet
    make_variant(barcode=EAN)
    scan(keeper, path, code=EAN)
    assert keeper.post(f"{path}/drop").status_code == 303
    assert keeper.post(f"{path}/shelve").status_code == 303
    assert db.session.scalars(select(Stock)).all() == []


def test_a_delivery_is_no_count(sheet):
    keeper, path = sheet
    assert keeper.get(path.replace("deliveries", "counts")).status_code == 404
