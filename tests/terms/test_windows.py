from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.terms.jurisdictions import EU, law_of
from shop.terms.windows import Window, easter, first_day_without_request, is_working_day, window

UK, EUROPE, QUEBEC = law_of("uk"), law_of("eu"), law_of("quebec")


def last(law, bought_on, **options):
    return window(law, bought_on=bought_on, **options).last_day


def test_the_day_of_purchase_is_not_counted_and_the_14th_day_counts_whole():
    within = window(UK, bought_on=date(2027, 6, 1))
    assert within.last_day == date(2027, 6, 15)
    assert within.is_open(date(2027, 6, 15))
    assert not within.is_open(date(2027, 6, 16))


def test_bought_on_1_june_the_first_treatment_without_a_request_is_on_the_16th():
    assert first_day_without_request(UK, bought_on=date(2027, 6, 1)) == date(2027, 6, 16)
    assert first_day_without_request(QUEBEC, bought_on=date(2027, 6, 1)) == date(2027, 6, 1)


def test_british_days_are_plain_and_european_ones_run_on_to_a_working_day():
    saturday = date(2026, 6, 6)
    assert last(UK, saturday) == date(2026, 6, 20)
    assert last(EUROPE, saturday) == date(2026, 6, 22)


@pytest.mark.parametrize(
    ("country", "bought_on", "ends"),
    [
        ("DE", date(2026, 12, 11), date(2026, 12, 28)),  # Christmas, Saturday, Sunday
        ("FR", date(2026, 6, 30), date(2026, 7, 15)),  # 14 July
        ("DE", date(2026, 6, 30), date(2026, 7, 14)),
        ("IE", date(2026, 7, 19), date(2026, 8, 4)),  # Sunday, August Monday
        ("IE", date(2026, 10, 11), date(2026, 10, 27)),  # Sunday, October Monday
        ("NL", date(2026, 3, 23), date(2026, 4, 7)),  # Easter Monday
        ("GR", date(2026, 3, 30), date(2026, 4, 14)),  # Orthodox Easter Monday
        ("", date(2026, 3, 23), date(2026, 4, 7)),
    ],
)
def test_a_holiday_of_the_clients_country_moves_the_end(country, bought_on, ends):
    assert last(EUROPE, bought_on, country=country) == ends


def test_goods_that_arrive_later_lengthen_the_window_of_everything():
    assert last(UK, date(2026, 6, 1), delivered_on=[date(2026, 6, 4), date(2026, 6, 9)]) == date(2026, 6, 23)


def test_goods_on_their_way_keep_the_window_open():
    within = window(UK, bought_on=date(2026, 6, 1), delivered_on=[date(2026, 6, 2), None])
    assert within == Window(None)
    assert within.is_open(date(2026, 12, 1))


def test_without_the_notice_the_window_is_12_months_longer():
    assert last(UK, date(2026, 6, 1), notice_missing=True) == date(2027, 6, 15)


def test_a_notice_given_late_ends_the_window_14_days_after_it():
    assert last(UK, date(2026, 6, 1), notice_missing=True, notice_given_on=date(2026, 8, 1)) == date(2026, 8, 15)
    assert last(UK, date(2026, 6, 1), notice_missing=True, notice_given_on=date(2027, 6, 10)) == date(2027, 6, 15)
    assert last(UK, date(2026, 6, 1), notice_missing=True, notice_given_on=date(2026, 5, 1)) == date(2026, 6, 15)


def test_quebec_may_cancel_at_any_time():
    within = window(QUEBEC, bought_on=date(2026, 6, 1))
    assert within.is_any_time
    assert within.is_open(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("year", "western", "orthodox"),
    [
        (2024, date(2024, 3, 31), date(2024, 5, 5)),
        (2025, date(2025, 4, 20), date(2025, 4, 20)),
        (2026, date(2026, 4, 5), date(2026, 4, 12)),
        (2027, date(2027, 3, 28), date(2027, 5, 2)),
        (2038, date(2038, 4, 25), date(2038, 4, 25)),
    ],
)
def test_easter_falls_where_the_calendars_say(year, western, orthodox):
    assert easter(year) == western
    assert easter(year, orthodox=True) == orthodox


@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)), st.sampled_from(sorted(EU)))
def test_a_european_window_is_14_days_or_up_to_the_next_working_day(bought_on, country):
    ends = last(EUROPE, bought_on, country=country)
    plain = bought_on + timedelta(days=14)
    assert is_working_day(ends, country)
    between = [plain + timedelta(days=n) for n in range((ends - plain).days)]
    assert not any(is_working_day(on, country) for on in between)
    assert len(between) <= 6
