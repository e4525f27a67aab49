"""A scanner's line is taken apart: EAN, SKU, or GS1 with lot and expiry in it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.inventory.reading_codes import Code, read_code, spellings

EAN = "5012345678900"


@pytest.mark.parametrize(("typed", "code"), [
    (EAN, Code(EAN)),
    ("  SOL-SER-30 ", Code("SOL-SER-30")),
    (f"010{EAN}1727053110L2", Code(EAN, "L2", date(2027, 5, 31))),
    (f"]d2010{EAN}10L2/A\x1d17270500", Code(EAN, "L2/A", date(2027, 5, 31))),
    (f"(01)0{EAN}(17)270531(10)AB12", Code(EAN, "AB12", date(2027, 5, 31))),
    ("01150123456789001727023110X", Code("15012345678900", "X")),  # the 31st of February is no day
    ("0112345", Code("0112345")),
    ("", Code("")),
])  # fmt: skip
def test_what_is_scanned_is_read(typed, code):
    assert read_code(typed) == code


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    read_code(text)
    read_code("01" + "5" * 14 + text)


def test_an_ean_is_found_with_and_without_leading_zeros():
    assert "0012345678905" in spellings("12345678905")
    assert "12345678905" in spellings("0012345678905")
    assert spellings("sol-1") == ["sol-1", "SOL-1"]
