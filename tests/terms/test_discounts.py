from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.terms.discounts import Code, discounts, refuse_unusable


def test_a_share_is_rounded_once_for_all_lines():
    assert discounts(Code(name="X", percent="10"), [333, 333, 333]) == [34, 33, 33]
    assert discounts(Code(name="X", percent="2.5"), [100, 100]) == [3, 2]


def test_a_sum_never_takes_more_than_the_lines_cost():
    assert discounts(Code(name="X", amount_minor=5000), [1000, 0, 2000]) == [1000, 0, 2000]
    assert discounts(Code(name="X", amount_minor=5000), [0, 0]) == [0, 0]


def test_gift_cards_and_delivery_are_never_discounted():
    code = Code(name="X", percent="10")
    assert not code.covers("gift_card", "")
    assert not code.covers("shipping", "")
    assert code.covers("variant", "serum")


def test_a_code_may_cover_kinds_or_single_things():
    code = Code(name="X", percent="10", kinds=frozenset({"package"}), slugs=frozenset({"meso-hair-6"}))
    assert code.covers("package", "meso-hair-6")
    assert not code.covers("package", "meso-fat-4")
    assert not code.covers("variant", "meso-hair-6")


@pytest.mark.parametrize(
    "wrong",
    [{}, {"percent": "10", "amount_minor": 5}, {"percent": "0"}, {"percent": "101"}, {"amount_minor": 0}],
)
def test_a_code_takes_off_either_a_share_or_a_sum(wrong):
    with pytest.raises(ValueError):
        Code(name="X", **wrong)


@pytest.mark.parametrize(
    ("options", "eligible", "sentence"),
    [
        ({"starts_on": date(2026, 6, 11)}, 5000, "The code X is valid from Thursday 11 June 2026."),
        ({"ends_on": date(2026, 6, 9)}, 5000, "The code X was valid until Tuesday 9 June 2026."),
        ({"least_minor": 6000}, 5000, "The code X needs £60 of what it applies to."),
        ({}, 0, "The code X does not apply to anything in your bag."),
    ],
)
def test_a_code_that_cannot_be_used_says_why(options, eligible, sentence):
    with pytest.raises(Refused) as refusal:
        refuse_unusable(Code(name="X", percent="10", **options), eligible_minor=eligible, on=date(2026, 6, 10))
    assert refusal.value.sentence == sentence


def test_the_first_and_the_last_day_count():
    day = date(2026, 6, 10)
    refuse_unusable(Code(name="X", percent="10", starts_on=day, ends_on=day, least_minor=5), eligible_minor=5, on=day)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.integers(1, 10**7))
def test_a_sum_is_taken_in_full_or_as_far_as_it_goes(eligible, amount):
    off = discounts(Code(name="X", amount_minor=amount), eligible)
    assert sum(off) == min(amount, sum(eligible))
    assert all(0 <= less <= price for less, price in zip(off, eligible, strict=True))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.integers(1, 1000))
def test_a_share_takes_no_line_below_zero(eligible, tenths):
    off = discounts(Code(name="X", percent=str(tenths / 10)), eligible)
    assert all(0 <= less <= price for less, price in zip(off, eligible, strict=True))
    assert abs(sum(off) - sum(eligible) * tenths / 1000) <= 0.5
