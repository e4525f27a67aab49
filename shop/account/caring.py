"""The cupboard and the routine as pages show them: each thing with its one word, and one summary for the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shop.care.explaining_labels import short_day
from shop.catalog.words import STEP_WORDS
from shop.core import clock
from shop.intake.calendar import Calendar, CareWord
from shop.intake.routines import place_of, times_of
from shop.orders.owning import Owned, owned_by
from shop.plans.supplies import supplies_of
from shop.visits.skin_days import calendar_of

RING_DAYS = 14


@dataclass(frozen=True)
class Thing:
    """One thing at home with what the calendar says of it today."""

    owned: Owned
    word: CareWord | None
    step_word: str
    in_morning: bool
    in_evening: bool
    empty_on: date | None = None

    @property
    def days_left(self) -> int | None:
        """By its size, its use and its rests; None where that is not known, or the day is over."""
        left = (self.empty_on - clock.today()).days if self.empty_on else -1
        return left if left >= 0 else None

    @property
    def rests_today(self) -> bool:
        return self.word is not None and self.word.verdict.verdict in ("pause", "no")


@dataclass(frozen=True)
class Ring:
    """The day ring: days since the last session, what rests and until when, what is back."""

    days: int
    paused: list[tuple[str, date]]
    back: list[str]


@dataclass(frozen=True)
class Home:
    """Everything at home in the order of use."""

    things: list[Thing]
    summary: str
    ring: Ring | None

    @property
    def morning(self) -> list[Thing]:
        return [thing for thing in self.things if thing.in_morning]

    @property
    def evening(self) -> list[Thing]:
        return [thing for thing in self.things if thing.in_evening]


def home_of(client_id: int | None) -> Home:
    if client_id is None:
        return Home([], "", None)
    calendar = calendar_of(client_id)
    empty = {one.product_id: one.runs_out_on for one in supplies_of([client_id])}
    things = sorted(
        (_thing(owned, calendar, empty) for owned in owned_by(client_id)), key=lambda one: place_of(one.owned.step)
    )
    return Home(things, _summary(things, calendar), _ring(things, calendar))


def _thing(owned: Owned, calendar: Calendar, empty: Mapping[int, date]) -> Thing:
    label = owned.label
    morning, evening = times_of(label, owned.step, owned.when)
    word = calendar.word(label) if owned.inci else None
    return Thing(owned, word, STEP_WORDS.get(owned.step, "Other"), morning, evening, empty.get(owned.product_id or 0))


def _summary(things: Sequence[Thing], calendar: Calendar) -> str:
    """One sentence for the routine: what rests today, or what is next."""
    resting = [thing for thing in things if thing.word and thing.word.verdict.verdict == "pause"]
    if resting:
        back = max(thing.word.verdict.back_on for thing in resting if thing.word and thing.word.verdict.back_on)
        count = "One product rests" if len(resting) == 1 else f"{len(resting)} products rest"
        return f"{count} today; by {short_day(back)} everything is back."
    ahead = [thing.word.verdict.pause_from for thing in things if thing.word and thing.word.verdict.pause_from]
    if ahead:
        return f"Everything as usual; the next pause begins on {short_day(min(ahead))}."
    return "Nothing rests." if calendar.sessions else ""


def _ring(things: Sequence[Thing], calendar: Calendar) -> Ring | None:
    last = calendar.last_session
    if last is None or (calendar.on - last.on).days > RING_DAYS:
        return None
    paused = [
        (thing.owned.name, thing.word.verdict.back_on)
        for thing in things
        if thing.word and thing.word.verdict.verdict == "pause" and thing.word.verdict.back_on
    ]
    back = [thing.owned.name for thing in things if _came_back(thing, calendar, last.on)]
    return Ring((calendar.on - last.on).days, paused, back)


def _came_back(thing: Thing, calendar: Calendar, since: date) -> bool:
    """It rested after the last session, and that rest is over."""
    pauses = calendar.judge(thing.owned.label).pauses if thing.owned.inci else ()
    return any(start <= since < end <= calendar.on for start, end in pauses)
