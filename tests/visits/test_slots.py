"""Free times: breaks, buffers, rooms, the client's own diary, and days on which the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shop.visits.slots import DayPlan, Diary, Hours, Length, Place, Stretch, free_slots, free_stretches, shifts_of, slot_at

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 3, 2)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AN_HOUR = Length(45, 15)
NINE_TO_FIVE = Hours(9 * 60, 17 * 60, ((13 * 60, 13 * 60 + 30),))


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def plan(*busy: Stretch, rooms: int = 1, others: int = 0, client: tuple[Stretch, ...] = ()) -> DayPlan:
    shifts = shifts_of(MONDAY, NINE_TO_FIVE, tz=LONDON)
    diaries = [Diary(1, shifts, busy), *[Diary(2 + n, shifts) for n in range(others)]]
    return DayPlan(diaries, [Place(n + 1) for n in range(rooms)], client)


def starts(plan: DayPlan, length: Length = AN_HOUR, step: int = 15, **given) -> list[str]:
    found = free_slots(plan, length, step_minutes=step, **{"not_before": LONG_AGO, **given})
    return [slot.starts_at.astimezone(LONDON).strftime("%H:%M") for slot in found]


def test_a_visit_and_its_clearing_up_fit_before_the_break_and_before_the_end_of_the_day():
    found = starts(plan(), step=30)
    assert found == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", *found[7:]]
    assert found[7:] == ["13:30", "14:00", "14:30", "15:00", "15:30", "16:00"]


def test_what_is_booked_is_not_offered_and_neither_is_the_time_of_clearing_up():
    found = starts(plan(Stretch(at(10), at(11))))
    assert not {"09:15", "09:30", "10:00", "10:45"} & set(found)
    assert {"09:00", "11:00"} <= set(found)


def test_with_one_room_two_practitioners_treat_one_after_the_other():
    busy = Stretch(at(10), at(11))
    both = DayPlan(plan(busy, others=1).diaries, [Place(1, (busy,))])
    assert "10:00" not in starts(both)
    assert "10:00" in starts(DayPlan(both.diaries, [Place(1, (busy,)), Place(2)]))


def test_anyone_means_whoever_has_least_to_do_and_a_named_practitioner_means_her():
    day = plan(Stretch(at(9), at(10)), rooms=2, others=1)
    assert {slot.practitioner_id for slot in free_slots(day, Length(45), step_minutes=60, not_before=LONG_AGO)} == {2}
    assert "09:00" not in starts(day, practitioner_id=1)
    assert "09:00" in starts(day, practitioner_id=2)
    assert starts(day, practitioner_id=9) == []


def test_a_client_is_in_one_place_at_a_time():
    found = starts(plan(client=(Stretch(at(10), at(10, 45)),)))
    assert "10:30" not in found
    assert "09:15" in found  # there until 10:00; the room is cleared up while she is elsewhere


def test_nothing_earlier_than_the_notice_is_offered():
    assert starts(plan(), not_before=at(15, 1))[0] == "15:15"


def test_one_start_is_free_or_it_is_not():
    day = plan(Stretch(at(10), at(11)))
    assert slot_at(day, Length(45, 15), starts_at=at(11)).ends_at == at(12)
    assert slot_at(day, Length(45, 15), starts_at=at(10, 30)) is None
    assert slot_at(day, Length(45, 15), starts_at=at(20)) is None


def test_on_the_night_the_clock_goes_forward_the_wall_still_says_nine():
    sunday = date(2026, 3, 29)
    [shift] = shifts_of(sunday, Hours(9 * 60, 12 * 60), tz=LONDON)
    assert (shift.starts, shift.ends) == (datetime(2026, 3, 29, 8, tzinfo=UTC), datetime(2026, 3, 29, 11, tzinfo=UTC))
    [night] = shifts_of(sunday, Hours(0, 6 * 60), tz=LONDON)
    assert night.ends - night.starts == timedelta(hours=5)
    [long_night] = shifts_of(date(2026, 10, 25), Hours(0, 6 * 60), tz=LONDON)
    assert long_night.ends - long_night.starts == timedelta(hours=7)


def test_a_shift_may_last_until_midnight():
    [shift] = shifts_of(MONDAY, Hours(20 * 60, 24 * 60), tz=LONDON)
    assert shift.ends - shift.starts == timedelta(hours=4)


def test_what_is_left_of_a_day_is_named():
    diary = Diary(1, shifts_of(MONDAY, NINE_TO_FIVE, tz=LONDON), (Stretch(at(9, 15), at(10)), Stretch(at(16), at(17))))
    assert free_stretches(diary, least_minutes=30) == [Stretch(at(10), at(13)), Stretch(at(13, 30), at(16))]


minutes = st.integers(0, 24 * 60)


@given(
    st.lists(st.tuples(minutes, st.integers(5, 180)), max_size=6),
    st.lists(st.tuples(minutes, minutes), max_size=3),
    st.integers(5, 120),
    st.integers(0, 30),
    st.sampled_from([5, 10, 15, 20, 30]),
    st.sampled_from([MONDAY, date(2026, 3, 29), date(2026, 10, 25)]),
)
def test_whatever_is_offered_meets_nothing_that_is_taken(taken, breaks, length, buffer, step, day):
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
    busy = tuple(Stretch(m := midnight + timedelta(minutes=s), m + timedelta(minutes=n)) for s, n in taken)
    shifts = shifts_of(day, Hours(0, 24 * 60, tuple((a, b) for a, b in breaks if a < b)), tz=LONDON)
    offered = free_slots(
        DayPlan([Diary(1, shifts, busy)], [Place(1)]),
        Length(length, buffer),
        step_minutes=step,
        not_before=LONG_AGO,
    )
    for slot in offered:
        whole = Stretch(slot.starts_at, slot.ends_at)
        assert not any(whole.meets(one) for one in busy)
        assert any(shift.holds(whole) for shift in shifts)
        assert slot.ends_at - slot.starts_at == timedelta(minutes=length + buffer)
