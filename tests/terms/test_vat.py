import pytest

from shop.core.errors import Refused
from shop.core.money import vat_inside
from shop.terms.jurisdictions import EU
from shop.terms.vat import net_minor, percent_for


def test_rates_are_read_by_country():
    assert percent_for("GB") == "20"
    assert percent_for("FI") == "25.5"


@pytest.mark.parametrize("country", sorted(EU | {"GB"}))
def test_every_country_of_the_union_has_a_rate_that_can_be_reckoned_with(country):
    assert 0 < vat_inside(10000, percent_for(country)) < 2200


def test_a_clinic_that_is_not_registered_and_untaxed_classes_bear_none():
    assert percent_for("GB", is_registered=False) == "0"
    assert percent_for("GB", "exempt") == "0"


def test_a_missing_rate_is_named_and_never_taken_for_zero():
    with pytest.raises(Refused) as refusal:
        percent_for("US")
    assert refusal.value.sentence == "No VAT rate is known for US, standard. Enter it in the settings first."


def test_net_is_gross_less_the_vat_inside():
    assert net_minor(9000, "20") == 7500
