"""The hours of today are found in hours as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from shop.core.opening import hours_on, today_words

HOURS = [["Monday", "12:00 to 20:00"], ["Tuesday to Thursday", "9 am to 7 pm"], ["Saturday, Sunday", "closed"]]
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "times"), [(0, "12:00 to 20:00"), (1, "9 am to 7 pm"), (3, "9 am to 7 pm"), (4, None), (6, None)]
)
def test_a_day_is_found_in_its_row(day, times):
    assert hours_on(HOURS, MONDAY.replace(day=2 + day)) == times


def test_the_strip_says_whether_the_clinic_is_open_today():
    assert today_words(HOURS, MONDAY) == "Open today, 12:00 to 20:00"
    assert today_words(HOURS, MONDAY.replace(day=8)) == "Closed today"
