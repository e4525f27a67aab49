"""Shopify's export: products with variants and pictures, and every dirty row with its sentence."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from shop.imports.reading import open_table
from shop.imports.rejecting import Seen
from shop.imports.rows import Rejected
from shop.imports.shopify import is_shopify, read_shopify
from tests.imports.tables import outside, products, refusals, remarks, table_of

ROW = {
    "Handle": "calm-cream",
    "Title": "Calm Cream",
    "Body (HTML)": "<p>Soft &amp; plain.</p>",
    "Vendor": "Harbour",
    "Type": "Moisturizer",
    "Tags": "Dry, Gift",
    "Published": "true",
    "Option1 Name": "Size",
    "Option1 Value": "50 ml",
    "Variant SKU": "CC-50",
    "Variant Grams": "80.0",
    "Variant Inventory Qty": "4",
    "Variant Price": "20.00",
    "Variant Compare At Price": "25.00",
    "Variant Barcode": "'030955168517",
    "Image Src": "https://pictures.example/1.jpg",
    "Image Alt Text": "A jar",
    "Status": "active",
}


def also(**changes: str) -> dict[str, str]:
    """A further row of the same product: no title, its own option."""
    names = {"option": "Option1 Value", "sku": "Variant SKU", "price": "Variant Price", "image": "Image Src"}
    return {"Handle": "calm-cream"} | {names.get(key, key): value for key, value in changes.items()}


def read(tmp_path, *rows):
    return list(read_shopify(table_of(tmp_path, *rows), seen=Seen("GBP")))


def test_a_product_comes_with_its_variants_and_pictures(tmp_path):
    further = also(option="100 ml", sku="CC-100", price="35"), also(image="https://pictures.example/2.jpg")
    [product] = products(read(tmp_path, ROW, *further))
    assert (product.handle, product.brand, product.name, product.step) == (
        "calm-cream",
        "Harbour",
        "Calm Cream",
        "moisturise",
    )
    assert (product.body_md, product.skin_types, product.state) == ("Soft & plain.", ("dry",), "live")
    first, second = product.variants
    assert (first.sku, first.name, first.price_minor, first.compare_at_minor) == ("CC-50", "50 ml", 2000, 2500)
    assert (first.stock, first.weight_grams, first.barcode) == (4, 80, "0030955168517")
    assert (second.sku, second.price_minor, second.row) == ("CC-100", 3500, 3)
    assert [picture.src[-5:] for picture in product.pictures] == ["1.jpg", "2.jpg"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"Variant Price": ""}, "price", "There is no price"),
        ({"Variant Price": "0.00"}, "price", "zero"),
        ({"Variant Price": "twelve"}, "price", "twelve is not an amount"),
        ({"Variant Price": "-3.00"}, "price", "below zero"),
        ({"Variant Compare At Price": "19.99"}, "compare at", "£19.99 is below the price £20.00"),
        ({"Variant Inventory Qty": "-1"}, "stock", "The stock is -1"),
        ({"Variant Inventory Qty": "a few"}, "stock", "a few is not a whole number"),
        ({"Variant Grams": "heavy"}, "weight", "heavy g is not a weight"),
        ({"Title": ""}, "title", "no name"),
        ({"Gift Card": "true"}, "gift card", "Gift cards"),
        ({"Variant Requires Shipping": "false"}, "variant requires shipping", "nothing to send"),
        ({"Handle": ""}, "handle", "no handle"),
    ],
)
def test_a_dirty_row_is_refused_with_its_sentence(tmp_path, change, field, words):
    [refusal] = read(tmp_path, ROW | change)
    assert isinstance(refusal, Rejected)
    assert (refusal.row, refusal.field) == (2, field)
    assert words in refusal.sentence


def test_one_dirty_variant_keeps_the_whole_product_out(tmp_path):
    items = read(tmp_path, ROW, also(option="100 ml", sku="CC-50", price="35"), also(option="200 ml", sku="X", price="50"))
    assert products(items) == []
    assert refusals(items) == [(3, "sku"), (2, "product")]
    assert "2 rows wait until row 3" in items[1].sentence


def test_a_sku_of_an_earlier_product_is_refused(tmp_path):
    items = read(tmp_path, ROW, ROW | {"Handle": "other", "Title": "Other"})
    assert [product.handle for product in products(items)] == ["calm-cream"]
    assert refusals(items) == [(3, "sku")]


def test_a_product_whose_rows_are_torn_apart_is_refused_the_second_time(tmp_path):
    other = ROW | {"Handle": "other", "Title": "Other", "Variant SKU": "O"}
    items = read(tmp_path, ROW, other, also(option="100 ml", sku="CC-100", price="35"))
    assert refusals(items) == [(4, "handle")]


def test_what_is_no_barcode_is_left_out_and_said(tmp_path):
    items = read(tmp_path, ROW | {"Variant Barcode": "63810-1000"})
    assert remarks(items) == [(2, "barcode")]
    assert products(items)[0].variants[0].barcode is None


def test_a_product_without_sku_gets_one_from_its_address(tmp_path):
    [product] = products(
        read(tmp_path, ROW | {"Variant SKU": "", "Option1 Name": "Title", "Option1 Value": "Default Title"})
    )
    assert (product.variants[0].sku, product.variants[0].name) == ("calm-cream", "")


def test_the_column_of_a_metafield_can_hold_the_ingredients(tmp_path):
    column = "Ingredients (product.metafields.custom.ingredients)"
    [product] = products(read(tmp_path, ROW | {column: "<p>Aqua, Glycerin</p>"}))
    assert product.inci == "Aqua, Glycerin"


def test_an_unpublished_product_comes_as_a_draft_and_an_odd_handle_leaves_its_old_address(tmp_path):
    [product] = products(read(tmp_path, ROW | {"Published": "false", "Handle": "Crème_1"}))
    assert (product.state, product.handle, product.old_path) == ("draft", "creme-1", "/products/Crème_1")


def test_the_plain_export_comes_in_whole():
    items = list(read_shopify(open_table(outside("import/shopify_packt_product-data.csv")), seen=Seen("GBP")))
    assert (len(products(items)), len(items)) == (20, 20)
    assert sum(len(product.variants) for product in products(items)) == 21


def test_the_dirty_export_gives_each_dirty_row_its_sentence_and_imports_nothing_in_half():
    path = outside("import/shopify2017_bicycles.csv")
    table = open_table(path)
    assert is_shopify(table)
    items = list(read_shopify(table, seen=Seen("USD")))
    counted = Counter(field for _, field in refusals(items))
    assert (counted["sku"], counted["stock"], counted["compare at"]) == (41, 23, 9)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    whole = Counter(row["Handle"] for row in rows if row["Variant Price"])
    assert {p.handle: len(p.variants) for p in products(items)} == {p.handle: whole[p.handle] for p in products(items)}
    assert {r.handle for r in items if isinstance(r, Rejected)} | {p.handle for p in products(items)} == set(whole)
