"""A session takes its recipe from the shelf, first the lot that ends first; taken back, it lies there again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from shop.catalog.models import Treatment, Variant
from shop.checking import all_differences
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Refused
from shop.inventory.models import Lot, Stock
from shop.visits.attending import treat
from shop.visits.supplying import UsedLot, set_recipe, used_lots
from shop.visits.undoing import undo
from tests.support.factories import make_product, make_stock
from tests.support.forms import forms
from tests.visits.clinic import book_at, open_clinic


@pytest.fixture
def ampoule(app, clock):
    """One piece of lot L1, which ends in May, five of lot L2, which end in June, and three that are over."""
    product = make_product(name="Hyal ampoule", state="draft", inci="Aqua, Sodium Hyaluronate")
    variant = db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
    make_stock(variant, 5, lot="L2", expires_on=date(2026, 6, 1))
    make_stock(variant, 1, lot="L1", expires_on=date(2026, 5, 1))
    make_stock(variant, 3, lot="L0", expires_on=date(2026, 2, 1))
    return variant


@pytest.fixture
def visit(ampoule):
    credit = open_clinic()
    treatment = db.session.get_one(Treatment, credit.treatment_id)
    set_recipe(treatment, [(ampoule.sku, 2)], by="user:1")
    return book_at(credit, "2026-03-02", 14)


def on_hand():
    rows = db.session.execute(select(Lot.code, Stock.on_hand).join(Stock, Stock.lot_id == Lot.id).order_by(Lot.code))
    return dict(rows.tuples().all())


def test_a_session_takes_its_recipe_from_the_lot_that_ends_first(visit):
    treat(visit, by="user:1")
    db.session.commit()
    assert on_hand() == {"L0": 3, "L1": 0, "L2": 4}
    assert used_lots(visit) == [
        UsedLot("Hyal ampoule", "Aqua, Sodium Hyaluronate", "L1", 1),
        UsedLot("Hyal ampoule", "Aqua, Sodium Hyaluronate", "L2", 1),
    ]
    assert all_differences() == []


def test_taken_back_it_lies_there_again_and_done_anew_it_is_taken_anew(visit):
    treat(visit, by="user:1")
    undo(visit, by="user:1")
    db.session.commit()
    assert on_hand() == {"L0": 3, "L1": 1, "L2": 5}
    assert used_lots(visit) == []
    treat(visit, by="user:1")
    db.session.commit()
    assert on_hand() == {"L0": 3, "L1": 0, "L2": 4}
    assert all_differences() == []


def test_an_empty_shelf_stops_nobody_and_asks_for_a_count(visit, ampoule):
    set_recipe(db.session.get_one(Treatment, visit.treatment_id), [(ampoule.sku, 9)], by="user:1")
    treat(visit, by="user:1")
    db.session.commit()
    assert visit.state == "done"
    assert on_hand() == {"L0": 3, "L1": 0, "L2": 0}
    entry = db.session.scalars(select(AttentionEntry).where(AttentionEntry.kind == "stock")).one()
    assert "took 9, and the shelf held 6" in entry.reason


def test_a_new_record_begins_with_the_lots_that_were_taken(visit, as_role):
    treat(visit, by="user:1")
    db.session.commit()
    page = as_role("practitioner").get(f"/admin/visits/{visit.number}/record").text
    assert 'value="Hyal ampoule"' in page
    assert 'value="L1"' in page
    assert 'value="Aqua, Sodium Hyaluronate"' in page


@pytest.mark.parametrize("wanted", [[("NONE", 1)], [("A", 1), ("A", 2)], [(f"S{n}", 1) for n in range(13)]])
def test_a_recipe_that_cannot_be_is_refused(visit, wanted):
    with pytest.raises(Refused):
        set_recipe(db.session.get_one(Treatment, visit.treatment_id), wanted, by="user:1")


def test_whoever_leads_types_it_and_nobody_else(ampoule, as_role):
    credit = open_clinic()
    path = f"/admin/visits/recipes/{credit.treatment_id}"
    assert as_role("practitioner").get("/admin/visits/recipes").status_code == 403
    owner = as_role("owner")
    [form] = [form for form in forms(owner.get("/admin/visits/recipes").text, here="") if form.action == path]
    assert owner.post(path, data=form.fields | {"lines": f"{ampoule.sku} 2\n"}).status_code == 303
    assert "2 × Hyal ampoule" in owner.get("/admin/visits/recipes").text
    refused = owner.post(path, data=form.fields | {"lines": "what is this line"})
    assert refused.status_code == 422
    assert "what is this line" in refused.text
