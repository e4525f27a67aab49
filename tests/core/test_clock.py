from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from shop.core import clock


@pytest.fixture(autouse=True)
def _london():
    before = clock.zone()
    clock.set_zone("Europe/London")
    yield
    clock.set_zone(before.key)


def test_now_is_aware_and_in_utc():
    with time_machine.travel(datetime(2026, 6, 10, 12, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 6, 10, 12, tzinfo=UTC)
        assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_date_on_the_clinics_wall():
    with time_machine.travel(datetime(2026, 6, 10, 23, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 6, 11)
        assert clock.today(ZoneInfo("America/Toronto")) == date(2026, 6, 10)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        clock.local(datetime(2026, 6, 10, 12))


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused_and_changes_nothing(name):
    with pytest.raises(ValueError):
        clock.set_zone(name)
    assert clock.zone().key == "Europe/London"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 5, 1), 6, date(2026, 11, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 6, 10), 12, date(2027, 6, 10)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_a_month_added_to_the_31st_lands_on_the_months_last_day(day, months, then):
    assert clock.add_months(day, months) == then


def test_the_days_of_a_clock_change_have_23_and_25_hours():
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 10), 24)):
        assert clock.elapsed_hours(clock.local_midnight(day), clock.end_of_day(day)) == hours


def test_wall_time_becomes_the_right_moment_on_both_sides_of_a_clock_change():
    assert clock.at_local(date(2026, 3, 28), time(10)) == datetime(2026, 3, 28, 10, tzinfo=UTC)
    assert clock.at_local(date(2026, 3, 29), time(10)) == datetime(2026, 3, 29, 9, tzinfo=UTC)


def test_a_skipped_hour_moves_on_and_of_a_repeated_hour_the_first_is_meant():
    assert clock.local(clock.at_local(date(2026, 3, 29), time(1, 30))).time() == time(2, 30)
    assert clock.at_local(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_begins_where_midnight_does_not_exist():
    beirut = ZoneInfo("Asia/Beirut")
    begins = clock.local_midnight(date(2026, 3, 29), beirut)
    assert clock.local(begins, beirut) == datetime(2026, 3, 29, 1, tzinfo=beirut)
    assert clock.local(begins - timedelta(seconds=1), beirut).date() == date(2026, 3, 28)


def test_calendar_days_count_midnights_and_not_hours():
    late, early = datetime(2026, 6, 10, 22, 50, tzinfo=UTC), datetime(2026, 6, 10, 23, 10, tzinfo=UTC)
    assert clock.calendar_days(late, early) == 1
    assert clock.calendar_days(late, early, ZoneInfo("UTC")) == 0


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_midnight_is_the_first_moment_of_its_day(day):
    begins = clock.local_midnight(day)
    assert clock.local(begins).date() == day
    assert clock.local(begins - timedelta(seconds=1)).date() == day - timedelta(days=1)
