"""Ordered before two it leaves today; never on a day off, a bank holiday, or while the clinic is away."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.terms.dispatching import DAYS, is_bank_holiday, is_sending_day, leaves_on

WORKDAYS = DAYS[:5]


def leaves(text, *, days=WORKDAYS, country="GB", away=None):
    return leaves_on(datetime.fromisoformat(text), cutoff=time(14), days=days, country=country, away=away)


@pytest.mark.parametrize(("at", "day"), [
    ("2027-03-10T13:59", "2027-03-10"), ("2027-03-10T14:00", "2027-03-11"), ("2027-03-12T14:00", "2027-03-15"),
    ("2027-03-13T09:00", "2027-03-15"), ("2027-03-25T15:00", "2027-03-30"),  # Good Friday and Easter Monday
    ("2027-12-24T15:00", "2027-12-29"),  # Christmas on a Saturday: its substitutes are the 27th and the 28th
    ("2027-04-30T14:01", "2027-05-04"),  # the early May bank holiday is the 3rd
])  # fmt: skip
def test_an_order_leaves_on_the_next_day_that_is_one(at, day):
    assert leaves(at) == date.fromisoformat(day)


def test_saturday_counts_for_a_clinic_that_sends_on_saturdays():
    assert leaves("2027-03-12T14:00", days=DAYS[:6]) == date(2027, 3, 13)


def test_nothing_leaves_while_the_clinic_is_away():
    assert leaves("2027-07-01T09:00", away=(date(2027, 7, 1), date(2027, 7, 14))) == date(2027, 7, 15)
    assert leaves("2027-06-30T09:00", away=(date(2027, 7, 1), date(2027, 7, 14))) == date(2027, 6, 30)


def test_a_clinic_without_any_day_sends_on_all_of_them():
    assert leaves("2027-03-13T09:00", days=()) == date(2027, 3, 13)


@pytest.mark.parametrize(("day", "country", "holiday"), [
    ("2026-12-28", "GB", True), ("2026-12-25", "GB", True), ("2026-12-29", "GB", False), ("2026-08-31", "GB", True),
    ("2026-05-25", "GB", True), ("2026-07-14", "FR", True), ("2026-07-14", "GB", False), ("2022-01-03", "GB", True),
])  # fmt: skip
def test_bank_holidays(day, country, holiday):
    assert is_bank_holiday(date.fromisoformat(day), country) is holiday


@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)), days=st.sets(st.sampled_from(DAYS), min_size=1))
def test_it_leaves_on_the_first_sending_day_and_no_later(at, days):
    day = leaves_on(at, cutoff=time(14), days=days, country="GB")
    first = at.date() + timedelta(days=at.time() >= time(14))
    assert is_sending_day(day, days=days, country="GB")
    assert not any(is_sending_day(first + timedelta(days=n), days=days, country="GB") for n in range((day - first).days))
