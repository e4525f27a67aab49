from datetime import date

import pytest

from shop.core.errors import Refused
from shop.terms.jurisdictions import JURISDICTIONS, jurisdiction_of, law_of, read_law, refuse_sale


@pytest.mark.parametrize(
    ("country", "postcode", "law"),
    [
        ("GB", "", "uk"),
        ("IE", "", "eu"),
        ("FR", "", "eu"),
        ("CA", "H2X 1Y4", "quebec"),
        ("CA", "g1a 0a2", "quebec"),
        ("CA", "M5V 3L9", "clinic"),
        ("US", "10001", "uk"),
        ("", "", "uk"),
    ],
)
def test_the_buyers_country_chooses_the_law(country, postcode, law):
    assert jurisdiction_of(country, postcode=postcode) == law


def test_a_clinic_elsewhere_applies_its_own_law_to_buyers_from_nowhere_known():
    assert jurisdiction_of("US", default="clinic") == "clinic"


def test_quebec_is_a_calculator_only():
    with pytest.raises(Refused):
        refuse_sale("quebec")
    for jurisdiction in ("uk", "eu", "clinic"):
        refuse_sale(jurisdiction)


def test_the_version_in_force_on_the_day_of_purchase_counts():
    assert law_of("eu", on=date(2026, 6, 18)).version == "eu-2014-06-13"
    assert law_of("eu", on=date(2026, 6, 19)).version == "eu-2026-06-19"
    assert law_of("eu").withdrawal_function
    assert law_of("uk", on=date(2010, 1, 1)).version == "uk-2014-06-13"


def test_an_order_finds_the_version_it_was_placed_under():
    assert law_of("eu", version="eu-2014-06-13").withdrawal_function is False
    with pytest.raises(Refused):
        law_of("eu", version="eu-1999")


def test_an_unknown_jurisdiction_is_refused():
    with pytest.raises(Refused):
        law_of("mars")


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_law_names_its_source_and_when_it_was_reviewed(jurisdiction):
    law = law_of(jurisdiction)
    assert law.source
    assert law.reviewed >= date(2026, 1, 1)
    assert law.rule_within


def test_a_clinics_own_version_is_read_and_unknown_entries_are_left_out():
    stored = {
        "version": "clinic-2", "in_force": "2027-01-01", "reviewed": "2027-01-01", "source": "our terms", "url": "",
        "rule_within": "clinic-pro-rata", "window_days": 30, "note": "board decision",
    }  # fmt: skip
    assert read_law("clinic", stored).window_days == 30
