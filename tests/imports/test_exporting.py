"""What goes out comes in again and changes nothing."""

from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from sqlalchemy import func, select, update

from shop.catalog.models import Product
from shop.checking import all_differences
from shop.core.db import db
from shop.imports.commands import import_products
from shop.imports.exporting import COLUMNS, export_products, guarded
from shop.imports.reading import open_table
from shop.inventory.models import Stock
from shop.inventory.receiving import receive
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


def put(path, **cells):
    """The export with these cells of its first row typed anew, written as a spreadsheet would."""
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    rows[0] |= cells
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def on_hand():
    return db.session.scalar(select(func.sum(Stock.on_hand)))


@pytest.mark.parametrize("figure", [9, 0, 4])
def test_a_stock_figure_that_was_changed_in_the_file_is_what_stands_afterwards(app, tmp_path, figure):
    make_variant(make_product(variants=0), sku="A-1", stock=4)
    db.session.commit()
    path = put(export(tmp_path), stock=str(figure))
    shown = import_products(path, dry_run=True)
    assert on_hand() == 4
    done = import_products(path)
    kind = "same" if figure == 4 else "changed"
    assert dict(shown.products) == dict(done.products) == {kind: 1}
    assert on_hand() == figure
    assert dict(import_products(path).products) == {"same": 1}  # the same file again finds it done
    assert all_differences() == []


def test_a_stale_stock_figure_is_refused_with_both_numbers_and_nothing_of_its_product_changes(app, tmp_path):
    product = make_product(variants=0, name="Calm Cream")
    variant = make_variant(product, sku="A-1", stock=4)
    db.session.commit()
    path = put(export(tmp_path), stock="10", name="Another name")
    receive(variant.id, units=3, cause="since", by="test")
    db.session.commit()
    report = import_products(path)
    [refused] = report.rejected
    assert refused.sentence == "A-1 had 4 when the file was made and has 7 now. Export again."
    assert (on_hand(), product.name) == (7, "Calm Cream")


def test_what_is_promised_to_orders_is_not_counted_away(app, tmp_path):
    variant = make_variant(make_product(variants=0), sku="A-1", stock=4)
    db.session.execute(update(Stock).where(Stock.variant_id == variant.id).values(held=3))
    db.session.commit()
    [refused] = import_products(put(export(tmp_path), stock="2")).rejected
    assert refused.sentence == "3 of A-1 are promised to orders: it cannot go down to 2."
    assert on_hand() == 4


@pytest.mark.sqlite
def test_a_long_file_is_read_in_the_memory_of_a_short_one(app, tmp_path):
    def peak(rows):
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("brand,name,sku,price,ingredients\n")
            stream.writelines(f"Maison,Cream {n},S-{n},20.00,{'Aqua, Glycerin, ' * 40}\n" for n in range(rows))
        tracemalloc.start()
        for _ in open_table(path).lines():
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(1_000), peak(20_000)
    assert many < few * 1.5
