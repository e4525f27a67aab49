from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.care.aftercare import timeline
from shop.care.aftercare_days import day_view, stages_at
from shop.care.aftercare_signs import LEVELS, normal_today, signs

LONDON = ZoneInfo("Europe/London")
TREATMENTS = [
    "meso-rejuvenation",
    "meso-lines",
    "meso-hydration",
    "meso-scars",
    "meso-pigmentation",
    "meso-stretch-marks",
    "meso-cellulite",
    "meso-fat",
    "meso-hair",
]
ADDONS = ["led", "numbing", "peel", "aftercare-kit", "unheard-of"]
JUNE = datetime(2026, 6, 10, 14, 0, tzinfo=LONDON)


def until(thing, treatment="meso-lines", addons=(), at=JUNE, tz=LONDON):
    return next(entry.until for entry in timeline(treatment, addons, at, tz) if entry.thing == thing)


@pytest.mark.parametrize(
    ("treatment", "thing", "length"),
    [
        ("meso-lines", "touching", timedelta(hours=6)),
        ("meso-lines", "make-up", timedelta(hours=24)),
        ("meso-fat", "hot-water", timedelta(hours=24)),
        ("meso-fat", "exercise", timedelta(hours=48)),
        ("meso-fat", "alcohol-smoking", timedelta(hours=48)),
        ("meso-fat", "sauna-pool", timedelta(days=7)),
        ("meso-fat", "sun", timedelta(days=14)),
        ("meso-cellulite", "massage", timedelta(hours=72)),
        ("meso-lines", "procedures", timedelta(days=14)),
        ("meso-lines", "dental", timedelta(days=14)),
        ("meso-hair", "hair-wash", timedelta(hours=48)),
    ],
)
def test_each_default_waits_as_written(treatment, thing, length):
    assert until(thing, treatment) == JUNE + length


def test_what_does_not_concern_a_treatment_is_left_out():
    hair = {entry.thing for entry in timeline("meso-hair", [], JUNE, LONDON)}
    lines = {entry.thing for entry in timeline("meso-lines", [], JUNE, LONDON)}
    assert {"make-up", "dental"} & hair == set()
    assert "hair-wash" not in lines


def test_a_peel_makes_make_up_wait_48_hours():
    entry = next(entry for entry in timeline("meso-lines", ["peel"], JUNE, LONDON) if entry.thing == "make-up")
    assert entry.until == datetime(2026, 6, 12, 14, 0, tzinfo=LONDON)
    assert entry.rule == "peel-make-up-48h"
    assert "Friday 12 June 2026, 2:00 pm" in entry.sentence


def test_each_thing_is_told_once_and_what_ends_first_comes_first():
    entries = timeline("meso-lines", ["peel", "numbing", "peel"], JUNE, LONDON)
    assert len({entry.thing for entry in entries}) == len(entries)
    dated = [entry.until_utc for entry in entries if entry.until_utc]
    assert dated == sorted(dated)
    assert (entries[-1].thing, entries[-1].until) == ("see-someone", None)


@pytest.mark.parametrize(
    ("at", "hours_24", "days_7"),
    [
        # the clock goes forward on 29 March 2026 and back on 25 October 2026
        ("2026-03-28T14:00+00:00", "2026-03-29T15:00+01:00", "2026-04-04T14:00+01:00"),
        ("2026-10-24T14:00+01:00", "2026-10-25T13:00+00:00", "2026-10-31T14:00+00:00"),
    ],
)
def test_hours_elapse_and_days_keep_the_wall_time_across_clock_changes(at, hours_24, days_7):
    moment = datetime.fromisoformat(at)
    make_up, sauna = until("make-up", at=moment), until("sauna-pool", at=moment)
    assert make_up.isoformat(timespec="minutes") == hours_24
    assert sauna.isoformat(timespec="minutes") == days_7


def test_a_day_that_ends_in_the_skipped_hour_ends_after_it():
    ended = until("sauna-pool", at=datetime(2026, 3, 22, 1, 30, tzinfo=LONDON))
    assert ended.isoformat(timespec="minutes") == "2026-03-29T02:30+01:00"


def test_a_day_that_ends_in_the_repeated_hour_ends_with_its_second_run():
    ended = until("sauna-pool", at=datetime(2026, 10, 18, 1, 30, tzinfo=LONDON))
    assert ended.isoformat(timespec="minutes") == "2026-10-25T01:30+00:00"


def test_moving_a_session_by_two_days_moves_every_entry():
    before = timeline("meso-lines", ["peel"], JUNE, LONDON)
    after = timeline("meso-lines", ["peel"], JUNE + timedelta(days=2), LONDON)
    moved = [
        (one.thing, other.until_utc - one.until_utc) for one, other in zip(before, after, strict=True) if one.until_utc
    ]
    assert {step for _, step in moved} == {timedelta(days=2)}


def test_the_same_moment_is_told_in_the_clients_own_zone():
    at = datetime(2026, 6, 10, 13, 0, tzinfo=UTC)
    assert until("touching", at=at, tz="Asia/Tokyo").isoformat(timespec="minutes") == "2026-06-11T04:00+09:00"
    assert until("touching", at=at, tz="Asia/Tokyo") == until("touching", at=at)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        timeline("meso-lines", [], datetime(2026, 6, 10, 14, 0), LONDON)


moments = st.datetimes(
    datetime(2020, 1, 1),
    datetime(2040, 1, 1),
    timezones=st.sampled_from([UTC, LONDON, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]),
)


@given(
    treatment=st.sampled_from(TREATMENTS),
    addons=st.sets(st.sampled_from(ADDONS)),
    extra=st.sampled_from(ADDONS),
    at=moments,
)
def test_one_more_add_on_never_loosens_anything(treatment, addons, extra, at):
    fewer = {entry.thing: entry for entry in timeline(treatment, addons, at, LONDON)}
    more = {entry.thing: entry for entry in timeline(treatment, addons | {extra}, at, LONDON)}
    assert set(fewer) <= set(more)
    for thing, entry in fewer.items():
        assert more[thing].until_utc is None or more[thing].until_utc >= entry.until_utc


@given(treatment=st.sampled_from(TREATMENTS), addons=st.lists(st.sampled_from(ADDONS)), at=moments)
def test_the_order_of_add_ons_changes_nothing(treatment, addons, at):
    assert timeline(treatment, addons, at, LONDON) == timeline(treatment, list(reversed(addons)), at, LONDON)


@given(at=moments)
def test_nothing_that_waits_is_over_before_its_hours_have_passed(at):
    for entry in timeline("meso-lines", ["peel"], at, LONDON):
        assert entry.until is None or (entry.until == entry.until_utc and entry.until_utc > at)


def test_the_day_view_follows_the_plan():
    stages = day_view("meso-lines", [], JUNE, LONDON)
    assert [(stage.key, stage.starts.day, stage.ends.day) for stage in stages] == [
        ("hours-0-6", 10, 10),
        ("days-0-1", 10, 12),
        ("days-2-3", 12, 14),
        ("from-day-3", 13, 17),
        ("from-day-7", 17, 24),
        ("from-day-14", 24, 2),
        ("weeks-1-12", 17, 2),
    ]
    assert [stage.key for stage in stages if stage.watch] == ["weeks-1-12"]


def test_a_stage_says_what_still_waits_and_what_ends_in_it():
    stages = {stage.key: stage for stage in day_view("meso-lines", ["peel"], JUNE, LONDON)}
    assert "make-up" in {entry.thing for entry in stages["days-0-1"].waiting}
    assert "make-up" in {entry.thing for entry in stages["days-2-3"].ending}
    assert {entry.thing for entry in stages["from-day-14"].ending} == {"sun", "procedures", "dental"}


def test_with_a_peel_the_day_view_promises_no_early_serum():
    told = {stage.key: " ".join(stage.lines) for stage in day_view("meso-lines", ["peel"], JUNE, LONDON)}
    assert "antioxidant" not in told["from-day-3"]
    assert "flaking" in told["from-day-3"]


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("addons", [[], ["peel"], ["led", "numbing", "peel"]])
def test_every_stage_has_something_to_say(treatment, addons):
    assert all(stage.lines and stage.source for stage in day_view(treatment, addons, JUNE, LONDON))


@given(at=moments, hours=st.integers(0, 84 * 24 - 30))
def test_every_moment_of_twelve_weeks_has_a_stage(at, hours):
    stages = day_view("meso-hair", [], at, LONDON)
    running = stages_at(stages, at + timedelta(hours=hours))
    assert [stage for stage in running if not stage.watch]


def test_before_the_session_no_stage_runs():
    assert stages_at(day_view("meso-hair", [], JUNE, LONDON), JUNE - timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    ("sign", "hours", "level"),
    [
        ("redness", 5, "normal"),
        ("redness", 72, "normal"),
        ("redness", 73, "ask"),
        ("small-bumps", 24, "normal"),
        ("small-bumps", 100, "ask"),
        ("bruising", 150, "normal"),
        ("bruising", 400, "ask"),
        ("new-lump", 24, "ask"),
        ("new-lump", 7 * 24, "urgent"),
        ("new-lump", 11 * 7 * 24, "urgent"),
        ("spreading", 1, "urgent"),
        ("pus", 1, "urgent"),
        ("fever", 20, "urgent"),
        ("breathing", 0, "urgent"),
        ("something else", 3, "ask"),
        ("redness", float("nan"), "ask"),
        ("redness", -2, "ask"),
        ("breathing", float("nan"), "urgent"),
    ],
)
def test_a_sign_is_taken_as_the_rules_say(sign, hours, level):
    answer = normal_today(sign, hours)
    assert answer.level == level
    assert answer.sentence.endswith(".")


def test_a_late_lump_stops_the_series_until_somebody_has_looked():
    assert "next session waits" in normal_today("new-lump", 5 * 7 * 24).sentence


@given(sign=st.sampled_from([key for key, _ in signs()]), early=st.floats(0, 3000), later=st.floats(0, 3000))
def test_no_sign_grows_calmer_as_time_passes(sign, early, later):
    early, later = sorted((early, later))
    levels = [LEVELS.index(normal_today(sign, hours).level) for hours in (early, later)]
    assert levels == sorted(levels)
