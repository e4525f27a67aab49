"""The exports of CosIng are read row by row, their missing cell included."""

from __future__ import annotations

import io
import re

import pytest

from shop.care import ingredients
from shop.care.cosing import ANNEXES, is_annex, read_annex, read_inventory
from shop.care.ingredients import Dictionary
from shop.core.errors import Refused
from tests.care.labels_at_hand import outside

HEADER = (
    "reference_number,inn,common_ingredients,cas_number,ec_number,product_type,maximum_concentration,other,wording_of_conditions,"
    "regulation,regulated_by,other_regulations,sccs_opinions,chemical_name,identified_ingredients,cmr,update_date\n"
)
SHORT = '98,"Salicylic acid","SALICYLIC ACID",69-72-7,200-712-3,Rinse-off,3%,,Not under 3,"(EC) 2009/1223",,Opinion,Chemical,"SALICYLIC ACID,MEA-SALICYLATE",,07/12/2023\n'


def test_a_row_one_cell_short_of_its_header_is_not_mislabelled():
    [row] = read_annex(io.StringIO(HEADER + SHORT))
    assert (row.annex, row.reference, row.names, row.updated) == (
        "III",
        "98",
        ("SALICYLIC ACID", "MEA-SALICYLATE"),
        "07/12/2023",
    )
    assert (row.maximum, row.conditions, row.regulation) == ("3%", "Not under 3", "(EC) 2009/1223")


def test_a_row_as_long_as_its_header_is_read_as_it_is():
    whole = SHORT.replace('"(EC) 2009/1223",', '"(EC) 2009/1223",EU,')
    assert [row.updated for row in read_annex(io.StringIO(HEADER + whole))] == ["07/12/2023"]


def test_commas_inside_a_name_do_not_part_it():
    text = SHORT.replace(
        '"SALICYLIC ACID,MEA-SALICYLATE"', '"2,6-DIHYDROXYETHYLAMINOTOLUENE,N,N-BIS(2-HYDROXYETHYL)AMINE,UREA"'
    )
    [row] = read_annex(io.StringIO(HEADER + text))
    assert row.names == ("2,6-DIHYDROXYETHYLAMINOTOLUENE", "N,N-BIS(2-HYDROXYETHYL)AMINE", "UREA")


def test_the_inventory_gives_names_numbers_and_functions():
    text = 'inci_name,cas_number,einecs_number,function\nGLYCERIN,56-81-5,200-289-5,"Humectant, Solvent"\n,1-1-1,,\n'
    [row] = read_inventory(io.StringIO(text))
    assert (row.name, row.cas, row.ec, row.functions) == ("GLYCERIN", "56-81-5", "200-289-5", ("Humectant", "Solvent"))


@pytest.mark.parametrize("reader", [read_inventory, read_annex])
def test_another_kind_of_file_is_refused_with_a_sentence(reader):
    with pytest.raises(Refused, match=r"\.$"):
        list(reader(io.StringIO("sku,price\nA,1\n")))


def test_a_header_tells_an_annex_from_the_inventory():
    assert is_annex(HEADER.strip().split(","))
    assert not is_annex(["inci_name", "cas_number"])


@pytest.mark.parametrize(("annex", "count"), [("II", 1716), ("III", 367), ("IV", 154), ("V", 57), ("VI", 35)])
def test_every_row_of_the_real_annexes_ends_in_its_day_of_update(annex, count):
    with outside(f"ingredients/cosing_gem_annex.{annex}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(read_annex(stream, annex=annex))
    assert len(rows) == count
    assert annex in ANNEXES
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", row.updated) and row.regulation.startswith("(E") for row in rows)


def test_the_real_inventory_makes_a_larger_dictionary_and_changes_no_meaning():
    with outside("ingredients/cosing_sohab117.csv").open(encoding="utf-8", newline="") as stream:
        names = [row.name for row in read_inventory(stream)]
    own = ingredients.dictionary()
    larger = own.with_names(names)
    assert len(names) == 28_712
    assert len(larger) > len(own)
    assert larger.find("CI 77491") == own.find("CI 77491") == "IRON OXIDES"
    assert all(larger.find_folded(key) == own.find_folded(key) for key in own)


def test_a_dictionary_grows_without_changing_itself():
    small = Dictionary({}).with_names(["GLYCERIN"], synonyms={"Glycerol": "GLYCERIN"})
    larger = small.with_names(["XYZZIUM"])
    assert (small.find("Xyzzium"), larger.find("Xyzzium"), larger.find("glycerol")) == (None, "XYZZIUM", "GLYCERIN")


def test_the_shops_own_table_is_sourced_and_holds_each_name_once():
    own = ingredients.ingredients()
    assert len(own) > 1500
    assert all(entry.source for entry in own)
    assert len({entry.name for entry in own}) == len(own)
    known = ingredients.dictionary()
    assert all(known.find(name) for name in ingredients.synonyms().values())
