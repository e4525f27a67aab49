"""Any other table, by a column map; and the 1,472 products of a real shop."""

from __future__ import annotations

from collections import Counter

import pytest

from shop.core.errors import Refused
from shop.imports.plain import read_plain
from shop.imports.reading import open_table
from shop.imports.rejecting import Seen
from tests.imports.tables import outside, products, refusals, remarks, table

HEADER = "Label,brand,name,price,ingredients,Dry,Oily"


def read(tmp_path, header, *rows, **how):
    decimal_comma = how.pop("decimal_comma", False)
    return list(read_plain(table(tmp_path, header, *rows), seen=Seen("GBP", decimal_comma=decimal_comma), **how))


def test_well_known_columns_need_no_map(tmp_path):
    [product] = read(tmp_path, HEADER, 'Sun protect,HARBOUR,Crème de Mer™,20,"Aqua, Glycerin",1,0')
    assert (product.handle, product.brand, product.name) == ("harbour-creme-de-mer", "HARBOUR", "Crème de Mer™")
    assert (product.step, product.inci, product.skin_types) == ("protect", "Aqua, Glycerin", ("dry",))
    assert (product.variants[0].sku, product.variants[0].price_minor) == ("harbour-creme-de-mer", 2000)


@pytest.mark.parametrize("mapping", [{"name": "Artikel", "price": "Preis"}, {"Artikel": "name", "Preis": "price"}])
def test_a_map_may_name_either_side_first(tmp_path, mapping):
    [product] = read(tmp_path, "Artikel;Preis", "Calm Cream;12,50", mapping=mapping, decimal_comma=True)
    assert (product.name, product.variants[0].price_minor) == ("Calm Cream", 1250)


def test_a_comma_that_can_mean_two_things_is_not_guessed(tmp_path):
    assert refusals(read(tmp_path, "name;price", "Calm Cream;1,250", decimal_comma=True)) == [(2, "price")]


@pytest.mark.parametrize(
    ("header", "how", "sentence"),
    [
        ("name,cost", {}, "which column holds the price"),
        ("name,price", {"mapping": {"colour": "shade"}}, "Neither colour nor shade is a field"),
        ("name,price", {"mapping": {"brand": "maker"}}, "There is no column maker"),
        ("name,price", {"key": ("ean",)}, "The key ean is neither"),
    ],
)
def test_a_wrong_map_is_refused_before_anything_is_read(tmp_path, header, how, sentence):
    with pytest.raises(Refused, match=sentence):
        read(tmp_path, header, "a,1", **how)


def test_rows_that_share_their_key_are_sizes_of_one_product(tmp_path):
    rows = ("Harbour,Cream,50 ml,A,20", "Harbour,Cream,100 ml,B,30")
    [product] = read(tmp_path, "brand,name,size,sku,price", *rows, key=("brand", "name"))
    assert [(v.name, v.sku, v.price_minor) for v in product.variants] == [("50 ml", "A", 2000), ("100 ml", "B", 3000)]


def test_names_that_would_share_an_address_are_told_apart_always_alike(tmp_path):
    header, rows = "brand,name,price", ("Harbour,Crème,20", "Harbour,Creme,20")
    first = [product.handle for product in read(tmp_path, header, *rows)]
    assert first[0] == "harbour-creme"
    assert first[1].startswith("harbour-creme-")
    assert [product.handle for product in read(tmp_path, header, *rows)] == first


def test_the_same_product_twice_is_refused(tmp_path):
    items = read(tmp_path, "brand,name,price", "H,A,1", "H,B,2", "H,A,3", "H,B,4")
    assert refusals(items) == [(4, "handle"), (5, "handle")]
    assert len(products(items)) == 2


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("step", "paint", "step"),
        ("state", "gone", "state"),
        ("pao_months", "0", "pao_months"),
        ("vat", "lots", "vat_percent"),
    ],
)
def test_an_unknown_word_in_a_column_of_ours_is_refused(tmp_path, column, value, field):
    assert refusals(read(tmp_path, f"name,price,{column}", f"A,1,{value}")) == [(2, field)]


def test_what_the_table_does_not_say_stays_unsaid(tmp_path):
    [product] = read(tmp_path, "name,price", "A,1")
    assert (product.inci, product.body_md, product.skin_types, product.step, product.state) == (None,) * 5
    assert (product.variants[0].stock, product.variants[0].weight_grams) == (None, None)


def test_the_real_catalogue_comes_in_whole_with_its_lost_signs_told():
    seen = Seen("USD")
    items = list(read_plain(open_table(outside("catalogue/sephora_cosmetic_p.csv")), seen=seen, key=("brand", "name")))
    assert (len(products(items)), len(refusals(items))) == (1472, 0)
    assert Counter(field for _, field in remarks(items)) == {"inci": 37}
    assert len({product.handle for product in products(items)}) == 1472
    assert None not in {product.step for product in products(items)}
