"""The law counts each batch from the day it came on the market: old lots are sold to their last day, new ones are not."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from shop.admin.products.editing import change_words
from shop.bag.filling import add_variant
from shop.bag.finding import Owner
from shop.bag.reading import read_bag
from shop.catalog.models import Product
from shop.checkout.quoting import quote
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import change_setting
from shop.inventory.choosing import shelf_for
from shop.inventory.models import Lot, Stock
from shop.inventory.placing_on_market import days_of, keep_day, lots_ending
from tests.support.factories import make_product, make_stock, make_variant
from tests.support.forms import forms

OLD, NEW = date(2025, 9, 1), date(2025, 12, 1)


@pytest.fixture
def lots(app, clock):
    """Retinol 1 %: two units of a lot on the market before 1 November 2025, five of a later one that expires sooner."""
    product = make_product(slug="serum", name="Night serum", inci="Aqua, Glycerin, Retinol", state="live", variants=0)
    variant = make_variant(product, sku="NS-30")
    old = make_stock(variant, 2, lot="OLD", expires_on=date(2028, 6, 1))
    new = make_stock(variant, 5, lot="NEW", expires_on=date(2028, 1, 1))
    change_words(product, {"supplier": {"percents": {"RETINOL": 1.0}}}, by="user:1")
    found = {lot.code: lot for lot in db.session.scalars(select(Lot))}
    keep_day(found["OLD"], OLD, by="user:1")
    keep_day(found["NEW"], NEW, by="user:1")
    db.session.commit()
    return {"variant": variant.id, "old": old.id, "new": new.id} | {code: lot.id for code, lot in found.items()}


@pytest.fixture
def bag(lots, as_client):
    owner = Owner(user_id=as_client.user.id)

    def bag(units=1):
        if units:
            add_variant(owner, "NS-30", quantity=units)
            db.session.commit()
        return read_bag(owner)

    return bag


def test_each_lot_has_its_own_last_day(lots):
    assert days_of(db.session.get(Lot, lots["OLD"])) == {"EU": "2027-04-30"}
    assert days_of(db.session.get(Lot, lots["NEW"])) == {"EU": ""}
    product = db.session.scalars(select(Product)).one()
    assert product.last_sale == {"EU": ""}  # of goods of which nobody knows the day


def test_to_france_goes_the_old_lot_until_its_last_day_and_at_home_the_one_that_expires_first(bag, lots, clock):
    clock.move_to("2027-04-30T20:00:00Z")
    [home] = quote(bag(), country="GB", delivery="ship").sold.values()
    assert home.shelves == [(lots["new"], 1)]
    [abroad] = quote(bag(0), country="FR", delivery="ship").sold.values()
    assert abroad.shelves == [(lots["old"], 1)]
    clock.move_to("2027-05-01T08:00:00Z")
    with pytest.raises(Refused, match="Night serum may not be sold in France"):
        quote(bag(0), country="FR", delivery="ship")
    assert quote(bag(0), country="FR", delivery="collect").total_minor


def test_more_than_the_old_lot_holds_is_said_before_it_is_paid(bag, clock):
    clock.move_to("2026-11-01T12:00:00Z")
    with pytest.raises(Refused, match="Only 2 of Night serum may still be sold in France"):
        quote(bag(3), country="FR", delivery="ship")


def test_what_is_sent_again_or_owed_comes_from_a_lawful_lot_too(lots, clock):
    clock.move_to("2026-11-01T12:00:00Z")
    assert shelf_for(lots["variant"], 1, country="GB").id == lots["new"]
    assert shelf_for(lots["variant"], 1, country="FR").id == lots["old"]
    assert shelf_for(lots["variant"], 3, country="FR") is None


def test_at_home_in_the_union_only_the_old_lot_is_counted(bag, clock):
    change_setting("clinic.country", "FR", by="user:1")
    clock.move_to("2026-11-01T12:00:00Z")
    [item] = bag(3).items
    assert item.problem == "Only 2 of Night serum left. Please choose fewer."
    clock.move_to("2027-05-01T12:00:00Z")
    [item] = bag(0).items
    assert "may not be sold" in item.problem


def test_a_lot_without_a_day_follows_the_product(lots, clock):
    lot = db.session.get(Lot, lots["OLD"])
    keep_day(lot, None, by="user:1")
    product = db.session.scalars(select(Product)).one()
    change_words(product, {"supplier": {"percents": {"RETINOL": 1.0}, "on_market_since": "2025-10-31"}}, by="user:1")
    assert days_of(lot) == {"EU": "2027-04-30"}
    assert days_of(db.session.get(Lot, lots["NEW"])) == {"EU": ""}
    change_words(product, {"supplier": {"percents": {"RETINOL": 0.2}}}, by="user:1")
    assert days_of(db.session.get(Lot, lots["NEW"])) == {}


def test_the_desk_types_the_day_of_a_lot_and_sees_it_ninety_days_ahead(lots, as_admin, clock):
    path = f"/admin/stock/lots/{lots['NEW']}"
    form = next(form for form in forms(as_admin.get(path).text, here=path) if "on_market_since" in form.names)
    assert form.fields["on_market_since"] == "2025-12-01"
    late = as_admin.post(form.action, data=form.fields | {"on_market_since": "2039-01-01"})
    assert late.status_code == 422
    assert "This day has not come yet." in late.text
    assert as_admin.post(form.action, data=form.fields | {"on_market_since": "2025-08-15"}).status_code == 303
    assert "until 30 April 2027" in as_admin.get(path).text
    clock.move_to("2027-01-29T09:00:00Z")
    assert lots_ending() == []
    clock.move_to("2027-01-30T09:00:00Z")
    assert [(one.code, one.units, one.market) for one in lots_ending()] == [("NEW", 5, "EU"), ("OLD", 2, "EU")]
    db.session.get(Stock, lots["old"]).on_hand = 0
    db.session.commit()
    assert [one.code for one in lots_ending()] == ["NEW"]
