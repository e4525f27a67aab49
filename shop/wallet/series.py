"""Sessions of one series keep their distance: a list of gaps, each with a least and perhaps a most, counted from the last treatment."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from shop.core.errors import Refused
from shop.terms.wording import count, day, listed

_GAP = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?")
_MOST_GAPS = 99


class Gap(NamedTuple):
    """Days from one session to the next: never fewer than `least`; beyond `most` a person is asked."""

    least: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A visit of the series: `done`, still `booked`, or anything else, which leaves no mark on the skin."""

    on: date
    outcome: str = "done"


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a session may be on a day. Problems forbid it (an override needs a role and a reason); warnings do not."""

    gap_number: int
    earliest: date | None
    latest: date | None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class EventPlan:
    """Days counted back from an event; with problems, the nearest honest option instead."""

    dates: tuple[date, ...]
    needs_days: int
    problems: tuple[str, ...] = ()
    ready_for: date | None = None


def parse_gaps(text: str) -> tuple[Gap, ...]:
    """Read "7,7,7,14,30" or "14-28,14-28". Raises Refused with a sentence."""
    pieces = [piece.strip() for piece in text.split(",")]
    if len(pieces) > _MOST_GAPS:
        raise Refused(f"A series has at most {_MOST_GAPS} gaps.")
    found = [_GAP.fullmatch(piece) for piece in pieces]
    if not all(found):
        raise Refused("Write the gaps as days between commas, for example 7,7,14 or 14-28,14-28.")
    return read_gaps([(int(match[1]), int(match[2]) if match[2] else None) for match in found if match])


def read_gaps(stored: Iterable[Any]) -> tuple[Gap, ...]:
    """The stored form: a number of days, or [least, most or null], per gap. Raises Refused with a sentence."""
    gaps = tuple(Gap(item) if isinstance(item, int) else Gap(*item) for item in stored)
    for number, gap in enumerate(gaps, start=1):
        if gap.least < 1:
            raise Refused(f"Gap {number} must be at least one day.")
        if gap.most is not None and gap.most < gap.least:
            raise Refused(f"Gap {number} cannot be at least {gap.least} and at most {gap.most} days.")
    return gaps


def gaps_for(gaps: Sequence[Gap], *, sessions: int) -> tuple[Gap, ...]:
    """One gap between every two sessions: the last one repeats when the list is shorter."""
    wanted = max(sessions - 1, 0)
    return (*gaps, *[gaps[-1]] * (wanted - len(gaps)))[:wanted] if gaps else ()


def earliest_dates(gaps: Sequence[Gap], *, start: date) -> list[date]:
    """The earliest day of each session after the one on `start`."""
    return [start + timedelta(days=days) for days in accumulate(gap.least for gap in gaps)]


def needs_days(gaps: Sequence[Gap]) -> int:
    """Days from the first session to the last when every gap is as short as it may be."""
    return sum(gap.least for gap in gaps)


def suggested_days(gaps: Sequence[Gap]) -> int:
    """A validity that leaves room for a holiday and a cold: half as much again, and the longest gaps in any case."""
    return max(-(-needs_days(gaps) * 3 // 2), sum(gap.most or gap.least for gap in gaps))


def validity_problems(gaps: Sequence[Gap], *, validity_days: int) -> list[str]:
    """Why a package cannot be used in time; empty when it can."""
    needs = needs_days(gaps)
    if validity_days >= needs:
        return []
    sessions = count(len(gaps) + 1, "session")
    return [
        (
            f"{sessions} cannot be used within {validity_days} days: "
            f"needs {needs} days at best, suggest {suggested_days(gaps)}."
        )
    ]


def check_visit(gaps: Sequence[Gap], history: Iterable[Past], *, wanted: date, expires_on: date | None = None) -> Check:
    """Whether a session fits on a day among those done and those booked.

    A no-show may cost a session but nobody was treated: it neither moves the clock nor the gap.
    """
    real = sorted(visit.on for visit in history if visit.outcome in {"done", "booked"})
    before = [on for on in real if on <= wanted]
    gap = _gap(gaps, len(before))
    earliest = before[-1] + timedelta(days=gap.least) if gap else None
    latest = before[-1] + timedelta(days=gap.most) if gap and gap.most else None
    problems = _too_close(gaps, [*before, wanted], real[len(before) :])
    if expires_on and wanted > expires_on:
        problems.append(f"These sessions can be used until {day(expires_on)}.")
    warnings = [_too_late(len(before) + 1, before[-1], latest)] if latest and wanted > latest else []
    return Check(len(before), earliest, latest, tuple(problems), tuple(warnings))


def plan_back(gaps: Sequence[Gap], *, event: date, clear_days: int = 0, start: date | None = None) -> EventPlan:
    """The latest days on which a series can be had so that the skin is calm `clear_days` before an event.

    When it cannot begin on or after `start`, the dates are those sessions that do fit, and
    `ready_for` is the first day that would suit the whole series.
    """
    last = event - timedelta(days=clear_days)
    back = [last - timedelta(days=days) for days in accumulate((gap.least for gap in reversed(gaps)), initial=0)]
    dates, needs = tuple(reversed(back)), needs_days(gaps) + clear_days
    if start is None or dates[0] >= start:
        return EventPlan(dates, needs)
    ready_for = start + timedelta(days=needs)
    fits = tuple(on for on in [start, *earliest_dates(gaps, start=start)] if on <= last)
    return EventPlan(fits, needs, (_does_not_fit(len(dates), fits, event, needs, start, ready_for),), ready_for)


def explain_series(
    gaps: str | Sequence[Gap],
    *,
    start: date | None = None,
    event: date | None = None,
    clear_days: int = 0,
    validity_days: int | None = None,
) -> dict[str, object]:
    """Dates, days needed and problems of a series, for machines: ISO dates."""
    read = parse_gaps(gaps) if isinstance(gaps, str) else tuple(gaps)
    needs, problems, dates = needs_days(read), [], []
    if event:
        plan = plan_back(read, event=event, clear_days=clear_days, start=start)
        needs, dates, problems = plan.needs_days, list(plan.dates), list(plan.problems)
    elif start:
        dates = earliest_dates(read, start=start)
    if validity_days is not None:
        problems += validity_problems(read, validity_days=validity_days)
    return {"dates": [on.isoformat() for on in dates], "needs_days": needs, "problems": problems}


def _gap(gaps: Sequence[Gap], number: int) -> Gap | None:
    """The gap before session `number` (0 is the first, which has none); beyond the list the last one goes on."""
    return gaps[min(number, len(gaps)) - 1] if gaps and number else None


def _too_close(gaps: Sequence[Gap], until_wanted: list[date], after: list[date]) -> list[str]:
    """The wanted session keeps its distance, and leaves those booked after it theirs."""
    wanted = until_wanted[-1]
    problems = []
    pairs = pairwise([*until_wanted[-2:], *after])
    for number, (one, two) in enumerate(pairs, start=max(len(until_wanted) - 1, 1)):
        gap = _gap(gaps, number)
        if gap and (two - one).days < gap.least:
            problems.append(_too_early(number + 1, gap, one, two) if two == wanted else _crowded(gap, one, two))
    return problems


def _too_early(session: int, gap: Gap, before: date, wanted: date) -> str:
    earliest = before + timedelta(days=gap.least)
    return (
        f"Session {session} needs at least {count(gap.least, 'day')} after {day(before, near=earliest)}, and "
        f"{day(wanted, near=earliest)} is {count((wanted - before).days, 'day')} after it; "
        f"the earliest day is {day(earliest)}."
    )


def _crowded(gap: Gap, before: date, booked: date) -> str:
    return (
        f"The session booked for {day(booked)} would come {count((booked - before).days, 'day')} after "
        f"{day(before, near=booked)}; it needs {gap.least}."
    )


def _too_late(session: int, before: date, latest: date) -> str:
    return (
        f"Session {session} was due by {day(latest)} after that of {day(before, near=latest)}; "
        "the practitioner decides how the series goes on."
    )


def _does_not_fit(sessions: int, fits: tuple[date, ...], event: date, needs: int, start: date, ready: date) -> str:
    had = max((event - start).days, 0)
    some = f"{count(len(fits), 'session')} can be had before it ({listed([day(on, near=event) for on in fits])})"
    return (
        f"{count(sessions, 'session')} do not fit before {day(event)}: they need {count(needs, 'day')} and there are {had}. "
        f"{some if fits else 'No session can be had before it'}; the whole series is ready for an event from {day(ready)}."
    )
