"""A clinic's colours are only ever shown where they can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.brand import DARK, LIGHT, nearest, passes
from shop.core.colours import contrast, mix, tidy

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#8c3b2e", "#8c3b2e", 1.0)]
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    assert round(contrast(one, other), 2) == ratio


@pytest.mark.parametrize(
    ("typed", "is_read"), [("8C3B2E", "#8c3b2e"), (" #8c3b2e ", "#8c3b2e"), ("red", ""), ("#fff", ""), ("#8c3b2e;}", "")]
)
def test_a_colour_is_six_digits(typed, is_read):
    assert tidy(typed) == is_read


@given(colours, st.sampled_from([LIGHT, DARK]))
def test_the_nearest_shade_always_passes_and_one_that_passes_stays(colour, scheme):
    found = nearest(colour, scheme)
    assert passes(found, scheme)
    if passes(colour, scheme):
        assert found == colour


@given(colours, colours)
def test_mixtures_stay_colours(one, other):
    assert mix(one, other, 1) == one
    assert mix(one, other, 0) == other
    assert tidy(mix(one, other, 0.5))


def test_the_shops_own_clay_passes_in_light():
    assert passes("#8c3b2e", LIGHT)
    assert passes("#e59a86", DARK)
