"""WooCommerce's export: variations find their parent, and what cannot be sold here says why."""

from __future__ import annotations

from datetime import date

import pytest

from shop.imports.reading import open_table
from shop.imports.rejecting import Seen
from shop.imports.rows import Rejected
from shop.imports.woocommerce import is_woocommerce, read_woocommerce
from tests.imports.tables import outside, products, refusals, table_of

ROW = {
    "ID": "7",
    "Type": "simple",
    "SKU": "CC",
    "Name": "Calm  Cream",
    "Published": "1",
    "Short description": "Plain.",
    "Description": "<p>Soft.</p>\\n<ul><li>one</li></ul>",
    "Date sale price starts": "",
    "Date sale price ends": "",
    "In stock?": "1",
    "Stock": "4",
    "Weight (kg)": "0.08",
    "Sale price": "18",
    "Regular price": "20",
    "Categories": "Shop > Face cream",
    "Tags": "",
    "Images": "https://pictures.example/1.jpg, https://pictures.example/2.jpg",
    "Parent": "",
    "Attribute 1 name": "Brand",
    "Attribute 1 value(s)": "Harbour",
}
VARIABLE = ROW | {"Type": "variable", "Sale price": "", "Regular price": "", "Stock": ""}
VARIATION = VARIABLE | {
    "ID": "8",
    "Type": "variation",
    "SKU": "CC-50",
    "Regular price": "20",
    "Parent": "CC",
    "Tags": "",
    "Stock": "2",
}
VARIATION |= {"Attribute 1 name": "Size", "Attribute 1 value(s)": "50 ml", "Weight (kg)": ""}


def read(tmp_path, *rows, today=date(2026, 3, 2)):
    return list(read_woocommerce(table_of(tmp_path, *rows), seen=Seen("GBP"), today=today))


def test_a_simple_product_comes_whole(tmp_path):
    [product] = products(read(tmp_path, ROW))
    assert (product.handle, product.name, product.brand, product.step) == (
        "calm-cream",
        "Calm Cream",
        "Harbour",
        "moisturise",
    )
    assert (product.body_md, product.blurb, product.old_path) == ("Soft.\n\n- one", "Plain.", "/product/calm-cream")
    [variant] = product.variants
    assert (variant.sku, variant.price_minor, variant.compare_at_minor) == ("CC", 1800, 2000)
    assert (variant.stock, variant.weight_grams, len(product.pictures)) == (4, 80, 2)


def test_a_reduced_price_that_has_ended_no_longer_holds(tmp_path):
    [product] = products(read(tmp_path, ROW | {"Date sale price ends": "2026-03-01"}))
    assert (product.variants[0].price_minor, product.variants[0].compare_at_minor) == (2000, None)


@pytest.mark.parametrize("parent", ["CC", "id:7"])
def test_variations_find_their_parent_wherever_they_stand(tmp_path, parent):
    [product] = products(read(tmp_path, VARIATION | {"Parent": parent}, VARIABLE))
    [variant] = product.variants
    assert (variant.row, variant.name, variant.sku, variant.price_minor) == (2, "50 ml", "CC-50", 2000)
    assert (variant.stock, variant.weight_grams) == (2, 80)


@pytest.mark.parametrize(
    ("rows", "refused", "words"),
    [
        ([ROW | {"Type": "grouped"}], (2, "type"), "box"),
        ([ROW | {"Type": "external"}], (2, "type"), "another shop"),
        ([ROW | {"Type": "simple, downloadable, virtual"}], (2, "type"), "nothing to send"),
        ([ROW | {"Type": "booking"}], (2, "type"), "The type booking is unknown"),
        ([VARIABLE], (2, "type"), "none of them is in this file"),
        ([VARIATION | {"Parent": "gone"}], (2, "parent"), "gone, which is not in this file"),
        ([ROW | {"Regular price": "", "Sale price": ""}], (2, "price"), "no price"),
        ([ROW | {"Name": ""}], (2, "name"), "no name"),
        ([ROW | {"Stock": "-2"}], (2, "stock"), "The stock is -2"),
        ([ROW | {"Sale price": "22"}], (2, "compare at"), "below the price"),
    ],
)
def test_what_cannot_be_sold_here_says_why(tmp_path, rows, refused, words):
    items = read(tmp_path, *rows)
    assert refusals(items) == [refused]
    assert words in items[0].sentence


def test_two_products_of_one_name_keep_addresses_of_their_own(tmp_path):
    items = read(tmp_path, ROW, ROW | {"SKU": "CC-2", "ID": "9"})
    assert [product.handle for product in products(items)] == ["calm-cream", "calm-cream-cc-2"]


def test_the_sample_shop_comes_in():
    table = open_table(outside("import/woocommerce_sample_products.csv"))
    assert is_woocommerce(table)
    items = list(read_woocommerce(table, seen=Seen("GBP"), today=date(2026, 3, 2)))
    assert (len(products(items)), sum(len(p.variants) for p in products(items))) == (11, 18)
    assert [item.field for item in items if isinstance(item, Rejected)] == ["type"] * 4
