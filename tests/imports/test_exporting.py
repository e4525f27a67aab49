"""What goes out comes in again and changes nothing."""

from __future__ import annotations

import csv
import io

import pytest

from shop.catalog.models import Product
from shop.core.db import db
from shop.imports.commands import import_products
from shop.imports.exporting import COLUMNS, export_products, guarded
from tests.imports.tables import outside
from tests.support.factories import make_brand, make_product, make_variant


def export(tmp_path):
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        export_products(stream, currency="GBP")
    return path


def test_an_export_comes_in_again_as_a_no_op(app, tmp_path):
    words = {
        "body_md": "- one & <two>\n- three",
        "blurb": "=1+1",
        "warnings": "",
        "how_to_use": '"Twice", she said; daily.',
    }
    product = make_product(
        name="'90s Crème", brand=make_brand(name="Maison, Été"), variants=0, skin_types=["dry", "oily"], **words
    )
    make_variant(product, sku="A-1", compare_at_minor=3000, barcode="2140949001282", name="50 ml", vat_percent="5")
    make_variant(product, sku="A-2", stock=4, content_unit="g", content_amount=None)
    make_product(step=None, state="draft", variants=2)
    db.session.commit()
    report = import_products(export(tmp_path))
    assert (dict(report.products), report.rejected, report.noted) == ({"same": 2}, [], [])


def test_a_size_that_is_not_sold_does_not_go_out(app):
    make_variant(make_product(), is_sold=False, sku="GONE")
    stream = io.StringIO()
    assert export_products(stream, currency="GBP") == 1
    assert "GONE" not in stream.getvalue()


@pytest.mark.parametrize("text", ["=SUM(A1)", "+44", "-1", "@cmd", "\tx"])
def test_no_cell_begins_a_formula(text):
    assert guarded(text) == f"'{text}"


def test_amounts_go_out_with_the_decimals_of_the_currency(app):
    make_product(price_minor=1234)
    for currency, shown in (("GBP", "12.34"), ("JPY", "1234"), ("KWD", "1.234")):
        stream = io.StringIO()
        export_products(stream, currency=currency)
        [row] = csv.DictReader(io.StringIO(stream.getvalue()))
        assert (row["price"], tuple(row)) == (shown, COLUMNS)


@pytest.mark.sqlite
def test_a_real_catalogue_makes_the_round_trip(app, tmp_path):
    imported = import_products(outside("import/shopify2017_bicycles.csv"))
    report = import_products(export(tmp_path))
    assert dict(report.products) == {"same": imported.products["new"]}
    assert db.session.query(Product).count() == imported.products["new"]
