"""The law ends the sale of a product on a day, market by market: nobody can buy it afterwards, and the desk sees it ahead."""

from __future__ import annotations

import pytest

from shop.admin.products.editing import change_words
from shop.bag.filling import add_variant
from shop.bag.finding import Owner
from shop.bag.reading import read_bag
from shop.care.parsing import read_label
from shop.catalog.models import Product
from shop.catalog.selling_days import ending, ends_by_law, last_days, read_percents
from shop.checkout.quoting import quote
from shop.core.db import db
from shop.core.errors import Refused
from tests.support.factories import make_product, make_variant
from tests.support.forms import forms

RETINOL = "Aqua, Glycerin, Retinol"
ONE_PERCENT = {"percents": {"RETINOL": 1.0}, "on_market_since": "2025-09-01"}


@pytest.fixture
def serum(app, clock):
    """Retinol 1 %, on the market before 1 November 2025: sold in the EU until 30 April 2027."""
    product = make_product(slug="serum", name="Night serum", inci=RETINOL, state="live", variants=0)
    make_variant(product, sku="NS-30", stock=9)
    db.session.commit()
    change_words(db.session.get(Product, product.id), {"supplier": ONE_PERCENT}, by="user:1")
    db.session.commit()
    return product


@pytest.fixture
def bag(serum, as_client):
    owner = Owner(user_id=as_client.user.id)
    add_variant(owner, "NS-30")
    db.session.commit()
    return lambda: read_bag(owner)


def days(inci, **supplier):
    ends = ends_by_law(read_label(inci), area="face", percents=supplier.get("percents") or {})
    return last_days(ends, since=supplier.get("on_market_since"))


@pytest.mark.parametrize(
    ("inci", "supplier", "expected"),
    [
        (RETINOL, ONE_PERCENT, {"EU": "2027-04-30"}),
        (RETINOL, {"percents": {"RETINOL": 1.0}, "on_market_since": "2025-11-01"}, {"EU": ""}),
        (RETINOL, {"percents": {"RETINOL": 0.3}}, {}),
        (RETINOL, {}, {}),
        ("Aqua, Hydroquinone", {}, {"EU": "", "GB": ""}),
        ("Aqua, Glycerin", {}, {}),
    ],
)
def test_each_market_has_its_own_last_day(inci, supplier, expected):
    assert days(inci, **supplier) == expected


def test_it_is_sold_on_the_last_day_and_not_after(bag, clock):
    clock.move_to("2027-04-30T20:00:00Z")
    assert quote(bag(), country="FR", delivery="ship").total_minor
    clock.move_to("2027-05-01T08:00:00Z")
    with pytest.raises(
        Refused, match="Night serum may not be sold in France any more; the last day was Friday 30 April 2027"
    ):
        quote(bag(), country="FR", delivery="ship")
    assert quote(bag(), country="GB", delivery="ship").total_minor
    assert quote(bag(), country="FR", delivery="collect").total_minor  # handed over in London


def test_what_the_clinics_own_law_forbids_says_so_in_the_bag(bag, serum, clock, as_client):
    change_words(db.session.get(Product, serum.id), {"inci": "Aqua, Hydroquinone"}, by="user:1")
    db.session.commit()
    page = as_client.get("/bag").text
    assert "Night serum may not be sold. Please take it out." in page


def test_the_desk_types_the_figures_and_sees_the_day_ninety_days_ahead(serum, as_admin, as_role, clock):
    assert ending() == []
    clock.move_to("2027-01-30T09:00:00Z")
    assert [(one.name, one.market, one.last.isoformat()) for one in ending()] == [("Night serum", "EU", "2027-04-30")]
    clock.move_to("2027-01-29T09:00:00Z")
    assert ending() == []


def test_the_list_of_the_desk_shows_what_is_over(app, clock, as_admin, serum):
    change_words(db.session.get(Product, serum.id), {"supplier": {"percents": {"RETINOL": 1.0}}}, by="user:1")
    db.session.commit()
    page = as_admin.get("/admin/products/selling-days").text
    assert "Night serum" in page
    assert "not allowed" in page


def test_the_desk_types_the_figures_as_the_maker_says_them(serum, as_admin):
    path = f"/admin/products/{serum.id}"
    form = next(form for form in forms(as_admin.get(path).text, here=path) if "percents" in form.names)
    assert form.fields["percents"] == "RETINOL 1"
    wrong = as_admin.post(form.action, data=form.fields | {"percents": "RETINOL much"})
    assert wrong.status_code == 422
    assert "write the name and the figure" in wrong.text
    assert "RETINOL much" in wrong.text
    assert as_admin.post(form.action, data=form.fields | {"percents": "Retinol 0.2"}).status_code == 303
    db.session.expire_all()
    kept = db.session.get(Product, serum.id)
    assert (kept.supplier, kept.last_sale) == ({"percents": {"RETINOL": 0.2}, "on_market_since": "2025-09-01"}, {})


@pytest.mark.parametrize("wrong", ["RETINOL", "RETINOL lots", "RETINOL 400"])
def test_a_line_without_a_figure_is_asked_again(wrong):
    with pytest.raises(Refused):
        read_percents(wrong)


def test_figures_are_read_as_people_write_them():
    assert read_percents("Retinol 0,3 %\nSALICYLIC ACID: 2") == {"RETINOL": 0.3, "SALICYLIC ACID": 2.0}
