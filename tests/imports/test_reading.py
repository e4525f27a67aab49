"""A table is read whatever program wrote it."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.imports.reading import open_table

cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="'"), max_size=30)


def write(tmp_path, content: bytes):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("name,price\nCrème,1\n".encode(), "Crème"),
        ("name,price\nCrème,1\n".encode("utf-8-sig"), "Crème"),
        ("name;price\r\nCrème;1\r\n".encode("cp1252"), "Crème"),
        ("name\tprice\nCrème\t1\n".encode("utf-16"), "Crème"),
        (b'name|price\n"a|b"|1\n', "a|b"),
        ('"first, second",price,name\nx,1,Crème\n'.encode(), "Crème"),
    ],
)
def test_encoding_and_separator_are_found_out(tmp_path, content, name):
    [line] = open_table(write(tmp_path, content)).lines()
    assert (line.row, line.get("name"), line.get("Price")) == (2, name, "1")


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    table = open_table(write(tmp_path, b'name,price\n"two\nlines",1\n\n,\nthird,2\n'))
    assert [(line.row, line.get("name")) for line in table.lines()] == [(2, "two\nlines"), (5, "third")]


def test_the_apostrophe_of_a_spreadsheet_goes_and_that_of_a_name_stays(tmp_path):
    table = open_table(write(tmp_path, b"sku,name\n'030955168517,'=1+1\n'42a,'90s cream\n"))
    assert [(line.get("sku"), line.get("name")) for line in table.lines()] == [
        ("030955168517", "=1+1"),
        ("'42a", "'90s cream"),
    ]


def test_a_row_with_more_cells_than_the_header_is_told(tmp_path):
    [line] = open_table(write(tmp_path, b"name,price\na,1,stray\n")).lines()
    assert "3 cells" in line.problem


def test_a_quote_left_open_is_refused_with_its_row(tmp_path):
    table = open_table(write(tmp_path, b'name,price\na,1\n"b' + b"x" * 1_000_100))
    with pytest.raises(Refused, match="After row 2"):
        list(table.lines())


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "is empty"), (b",,\n1,2,3\n", "is empty"), (b"a,b,a\n1,2,3\n", "the column a twice")]
)
def test_a_file_without_a_usable_header_is_refused(tmp_path, content, sentence):
    with pytest.raises(Refused, match=sentence):
        open_table(write(tmp_path, content))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"There is no file nothing\.csv"):
        open_table(tmp_path / "nothing.csv")


@settings(max_examples=60)
@given(st.lists(st.tuples(cells, cells), max_size=8), st.sampled_from(",;\t|"))
def test_whatever_is_written_is_read_again(tmp_path_factory, rows, separator):
    path = tmp_path_factory.mktemp("tables") / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows([("one", "two"), *rows])
    read = [(line.get("one"), line.get("two")) for line in open_table(path).lines()]
    assert read == [(a.strip(), b.strip()) for a, b in rows if a.strip() or b.strip()]
