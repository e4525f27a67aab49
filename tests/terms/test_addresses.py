import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shop.terms
from shop.core.errors import Refused
from shop.terms.addresses import countries, country_name, named_country, normal_address, normal_postcode
from shop.terms.jurisdictions import EU
from shop.terms.shipping import default_table

DATA = Path(shop.terms.__file__).with_name("data") / "postcodes.json"
RULES = json.loads(DATA.read_text(encoding="utf-8"))["countries"]
HOME = {"line1": "1 Fern Walk", "line2": "", "city": "Bath", "postcode": "ba1 1aa", "country": "GB"}


@pytest.mark.parametrize(
    ("typed", "country", "written"),
    [
        ("sw1a1aa", "GB", "SW1A 1AA"),
        (" w1g  0ab ", "GB", "W1G 0AB"),
        ("W1G OAB", "GB", "W1G 0AB"),
        ("M11AE", "GB", "M1 1AE"),
        ("d02x285", "IE", "D02 X285"),
        ("D6W XY00", "IE", "D6W XY00"),
        ("F-75008", "FR", "75008"),
        ("D 10117", "DE", "10117"),
        ("28 013", "ES", "28013"),
        ("00187", "IT", "00187"),
        ("1012ab", "NL", "1012 AB"),
        ("NL-1012 AB", "NL", "1012 AB"),
        ("B-1000", "BE", "1000"),
        ("1010", "AT", "1010"),
        ("1000205", "PT", "1000-205"),
        ("10001", "US", "10001"),
        ("100011234", "US", "10001-1234"),
        ("h2x1y4", "CA", "H2X 1Y4"),
        ("lv1050", "LV", "LV-1050"),
        ("１０１１７", "DE", "10117"),
        ("100-0001", "JP", "100-0001"),
    ],
)
def test_a_postcode_is_written_as_its_country_writes_it(typed, country, written):
    assert normal_postcode(typed, country) == written


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("SW1A", "GB"), ("12345", "GB"), ("QQ1 1AA", "GB"), ("SW1A 1AC", "GB"), ("D02", "IE"), ("7500", "FR"),
        ("96000", "FR"), ("00117", "DE"), ("53001", "ES"), ("1012 SS", "NL"), ("0123", "BE"), ("1000", "PT"),
        ("1234", "US"), ("D2X 1Y4", "CA"), ("<b>", "DE"),
    ],
)  # fmt: skip
def test_a_postcode_that_cannot_be_is_refused_with_an_example(typed, country):
    with pytest.raises(Refused) as refusal:
        normal_postcode(typed, country)
    assert f"is not a postcode of {named_country(country)}; it looks like" in refusal.value.sentence
    assert refusal.value.field == "postcode"


def test_a_missing_postcode_is_asked_for():
    with pytest.raises(Refused) as refusal:
        normal_postcode("  ", "GB")
    assert refusal.value.sentence == "Please give the postcode; it looks like SW1A 1AA."


@pytest.mark.parametrize("country", sorted(RULES))
def test_every_example_is_right_and_stays_as_it_is(country):
    assert normal_postcode(RULES[country]["example"], country) == RULES[country]["example"]


def test_all_countries_of_the_delivery_table_and_of_the_union_have_a_pattern():
    assert set(default_table().countries) | EU <= set(RULES)


@given(st.sampled_from(sorted(RULES)), st.data())
def test_what_was_normalised_once_does_not_change_again(country, data):
    typed = data.draw(st.from_regex(re.compile(RULES[country]["pattern"], re.ASCII), fullmatch=True))
    once = normal_postcode(typed, country)
    assert normal_postcode(once.lower(), country) == once


def test_countries_are_listed_by_name_with_the_clinics_own_first():
    assert countries(["DE", "GB", "AT"], first="GB") == [("GB", "United Kingdom"), ("AT", "Austria"), ("DE", "Germany")]
    assert country_name("XX") == "XX"


def test_an_address_is_tidied():
    tidy = normal_address({**HOME, "line1": "  1   Fern Walk, "}, delivers_to=["GB"])
    assert tidy == {"line1": "1 Fern Walk", "line2": "", "city": "Bath", "postcode": "BA1 1AA", "country": "GB"}


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"country": "US"}, "country", "We do not deliver to the United States. You can collect at the clinic."),
        (
            {"country": ""},
            "country",
            "We do not deliver to a country that you have not named. You can collect at the clinic.",
        ),
        ({"line1": " , "}, "line1", "Please give the street and the house number."),
        ({"city": ""}, "city", "Please give the town or city."),
        ({"line2": "x" * 101}, "line2", "A line of the address has at most 100 signs."),
        ({"line1": "1 Fern\u200bWalk"}, "line1", "This holds a sign that cannot be printed on a label."),
        ({"postcode": "12"}, "postcode", "12 is not a postcode of the United Kingdom; it looks like SW1A 1AA."),
    ],
)
def test_an_address_that_no_parcel_would_reach_is_refused(wrong, field, sentence):
    with pytest.raises(Refused) as refusal:
        normal_address({**HOME, **wrong}, delivers_to=["GB"])
    assert (refusal.value.field, refusal.value.sentence) == (field, sentence)
