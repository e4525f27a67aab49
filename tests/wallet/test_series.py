from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.wallet.series import (
    Gap,
    Past,
    check_visit,
    earliest_dates,
    explain_series,
    gaps_for,
    needs_days,
    parse_gaps,
    plan_back,
    read_gaps,
    suggested_days,
    validity_problems,
)
from shop.wallet.validity import last_day, thawed_expiry, warning_days

HAIR = parse_gaps("7,7,7,14,30")
SKIN = parse_gaps("14-28,14-28,14-28")
MARCH = {day: date(2026, 3, day) for day in range(1, 32)}
GAPS = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 30)).map(lambda pair: Gap(pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=9,
)


def test_hair_sessions_from_2_march_taper_to_6_may():
    dates = [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23), date(2026, 4, 6), date(2026, 5, 6)]
    assert earliest_dates(HAIR, start=date(2026, 3, 2)) == dates


@pytest.mark.parametrize("text", ["14-28,14-28,14-28", "14–28, 14 - 28 ,14-28"])
def test_a_gap_may_be_a_range(text):
    assert parse_gaps(text) == (Gap(14, 28),) * 3


@pytest.mark.parametrize("text", ["", "7,,7", "a", "7;7", "-7", "7.5", "28-", "99999"])
def test_gaps_that_cannot_be_read_are_refused_with_an_example(text):
    with pytest.raises(Refused) as refusal:
        parse_gaps(text)
    assert "for example 7,7,14" in refusal.value.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("7,0", "Gap 2 must be at least one day."),
        ("28-14", "Gap 1 cannot be at least 28 and at most 14 days."),
        (",".join(["7"] * 100), "A series has at most 99 gaps."),
    ],
)
def test_gaps_that_make_no_sense_are_refused(text, sentence):
    with pytest.raises(Refused) as refusal:
        parse_gaps(text)
    assert refusal.value.sentence == sentence


def test_stored_gaps_are_read_as_days_or_pairs():
    assert read_gaps([7, [14, 28], [30, None]]) == (Gap(7), Gap(14, 28), Gap(30))


def test_the_last_gap_repeats_for_more_sessions_and_is_cut_for_fewer():
    assert gaps_for([Gap(7), Gap(14)], sessions=5) == (Gap(7), Gap(14), Gap(14), Gap(14))
    assert gaps_for([Gap(7), Gap(14)], sessions=2) == (Gap(7),)
    assert gaps_for([Gap(7)], sessions=1) == ()
    assert gaps_for([], sessions=6) == ()


def test_after_a_session_done_on_9_march_the_15th_is_refused_with_the_reason():
    check = check_visit(HAIR, [Past(MARCH[2]), Past(MARCH[9])], wanted=MARCH[15])

    assert not check.is_allowed
    assert check.earliest == MARCH[16]
    assert check.problems == (
        (
            "Session 3 needs at least 7 days after Monday 9 March, and Sunday 15 March is 6 days after it; "
            "the earliest day is Monday 16 March 2026."
        ),
    )


def test_a_no_show_on_9_march_leaves_the_clock_and_the_gap_where_they_were():
    check = check_visit(HAIR, [Past(MARCH[2]), Past(MARCH[9], "no_show")], wanted=MARCH[15])
    assert check.is_allowed
    assert check.gap_number == 1
    assert check.earliest == MARCH[9]


def test_the_first_session_has_no_gap_before_it():
    check = check_visit(HAIR, [], wanted=MARCH[2])
    assert (check.is_allowed, check.earliest, check.latest, check.gap_number) == (True, None, None, 0)


def test_two_sessions_on_one_day_are_refused():
    check = check_visit(HAIR, [Past(MARCH[2])], wanted=MARCH[2])
    assert check.gap_number == 1
    assert check.earliest == MARCH[9]
    assert not check.is_allowed


def test_without_gaps_any_day_is_good():
    assert check_visit((), [Past(MARCH[2])], wanted=MARCH[3]).is_allowed


def test_beyond_the_list_the_last_gap_goes_on():
    check = check_visit([Gap(7)], [Past(MARCH[2]), Past(MARCH[9])], wanted=MARCH[15])
    assert check.earliest == MARCH[16]


def test_a_session_squeezed_in_before_a_booked_one_must_leave_it_its_distance():
    history = [Past(MARCH[2]), Past(MARCH[16], "booked")]
    check = check_visit(HAIR, history, wanted=MARCH[10])
    assert check.problems == (
        "The session booked for Monday 16 March 2026 would come 6 days after Tuesday 10 March; it needs 7.",
    )


def test_a_session_squeezed_in_lengthens_the_gaps_that_the_later_ones_need():
    # Third, fourth and fifth stand 7 days apart; as fourth and fifth they need 7 and 14.
    booked = [Past(MARCH[day], "booked") for day in (16, 23, 30)]
    check = check_visit(HAIR, [Past(date(2026, 2, 23)), *booked], wanted=MARCH[9])
    assert check.problems == (
        "The session booked for Monday 30 March 2026 would come 7 days after Monday 23 March; it needs 14.",
    )


def test_passing_the_longest_gap_warns_and_blocks_nothing():
    check = check_visit(SKIN, [Past(MARCH[1])], wanted=MARCH[31])
    assert check.is_allowed
    assert check.latest == MARCH[29]
    assert check.warnings == (
        (
            "Session 2 was due by Sunday 29 March 2026 after that of Sunday 1 March; "
            "the practitioner decides how the series goes on."
        ),
    )


def test_a_day_after_the_last_day_of_use_is_refused():
    check = check_visit(HAIR, [], wanted=MARCH[3], expires_on=MARCH[2])
    assert check.problems == ("These sessions can be used until Monday 2 March 2026.",)
    assert check_visit(HAIR, [], wanted=MARCH[2], expires_on=MARCH[2]).is_allowed


def test_six_sessions_28_days_apart_do_not_fit_in_120_days():
    gaps = gaps_for([Gap(28)], sessions=6)
    assert validity_problems(gaps, validity_days=120) == [
        "6 sessions cannot be used within 120 days: needs 140 days at best, suggest 210."
    ]
    assert validity_problems(gaps, validity_days=140) == []


def test_the_suggestion_leaves_room_for_the_longest_gaps():
    assert suggested_days(SKIN) == 84
    assert suggested_days(HAIR) == 98


def test_a_wedding_on_20_june_is_counted_back():
    plan = plan_back(gaps_for([Gap(21)], sessions=4), event=date(2026, 6, 20), clear_days=14)
    assert plan.dates == (date(2026, 4, 4), date(2026, 4, 25), date(2026, 5, 16), date(2026, 6, 6))
    assert plan.problems == ()
    assert plan.needs_days == 77


def test_a_series_that_may_begin_on_the_very_day_fits():
    plan = plan_back(gaps_for([Gap(21)], sessions=4), event=date(2026, 6, 20), clear_days=14, start=date(2026, 4, 4))
    assert plan.problems == ()


def test_an_event_too_near_is_answered_with_the_nearest_honest_option():
    plan = plan_back(gaps_for([Gap(21)], sessions=4), event=date(2026, 6, 20), clear_days=14, start=date(2026, 5, 1))
    assert plan.dates == (date(2026, 5, 1), date(2026, 5, 22))
    assert plan.ready_for == date(2026, 7, 17)
    assert plan.problems == (
        (
            "4 sessions do not fit before Saturday 20 June 2026: they need 77 days and there are 50. "
            "2 sessions can be had before it (Friday 1 May and Friday 22 May); "
            "the whole series is ready for an event from Friday 17 July 2026."
        ),
    )


def test_an_event_within_days_has_no_session_before_it():
    plan = plan_back(gaps_for([Gap(21)], sessions=4), event=date(2026, 6, 20), clear_days=14, start=date(2026, 6, 15))
    assert plan.dates == ()
    assert "No session can be had before it" in plan.problems[0]


def test_the_explanation_speaks_iso_dates():
    assert explain_series("7,7,7,14,30", start=date(2026, 3, 2)) == {
        "dates": ["2026-03-09", "2026-03-16", "2026-03-23", "2026-04-06", "2026-05-06"],
        "needs_days": 65,
        "problems": [],
    }
    assert explain_series("21,21,21", event=date(2026, 6, 20), clear_days=14)["dates"] == [
        "2026-04-04", "2026-04-25", "2026-05-16", "2026-06-06",
    ]  # fmt: skip
    assert explain_series([Gap(28)] * 5, validity_days=120) == {
        "dates": [],
        "needs_days": 140,
        "problems": ["6 sessions cannot be used within 120 days: needs 140 days at best, suggest 210."],
    }


def test_a_pause_of_243_days_moves_1_december_to_1_august():
    new = thawed_expiry(date(2026, 12, 1), frozen_on=date(2026, 7, 1), thawed_on=date(2027, 3, 1))
    assert new == date(2027, 8, 1)


def test_what_has_ended_cannot_be_paused_and_no_pause_ends_before_it_began():
    with pytest.raises(Refused):
        thawed_expiry(date(2026, 12, 1), frozen_on=date(2026, 12, 2), thawed_on=date(2027, 1, 1))
    with pytest.raises(Refused):
        thawed_expiry(date(2026, 12, 1), frozen_on=date(2026, 7, 2), thawed_on=date(2026, 7, 1))


def test_warnings_come_60_30_and_7_days_before_the_last_day():
    assert warning_days(date(2026, 12, 31)) == [date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 24)]
    assert last_day(date(2026, 6, 1), validity_days=365) == date(2027, 6, 1)


@given(GAPS, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_earliest_dates_are_allowed_and_a_day_earlier_is_not(gaps, start):
    history = [Past(start)]
    for on in earliest_dates(gaps, start=start):
        assert check_visit(gaps, history, wanted=on).is_allowed
        assert not check_visit(gaps, history, wanted=on - timedelta(days=1)).is_allowed
        history.append(Past(on))
    assert (history[-1].on - start).days == needs_days(gaps)


@given(GAPS, st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60), st.integers(0, 400))
def test_a_plan_keeps_every_gap_and_the_clear_days_or_says_why_not(gaps, event, clear, days_left):
    start = event - timedelta(days=days_left)
    plan = plan_back(gaps, event=event, clear_days=clear, start=start)

    assert bool(plan.problems) == (days_left < plan.needs_days)
    assert all(start <= on <= event - timedelta(days=clear) for on in plan.dates)
    assert all((two - one).days >= gap.least for one, two, gap in zip(plan.dates, plan.dates[1:], gaps, strict=False))
    if plan.problems:
        again = plan_back(gaps, event=plan.ready_for, clear_days=clear, start=start)
        assert (again.problems, len(again.dates)) == ((), len(gaps) + 1)


@given(GAPS)
def test_the_suggested_validity_is_always_accepted(gaps):
    assert validity_problems(gaps, validity_days=suggested_days(gaps)) == []
