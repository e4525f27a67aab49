"""Which days and times a client may choose from: free ones, far enough from the last session, and not before the law allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shop.core import clock
from shop.core.settings import setting
from shop.visits import calendars, early
from shop.visits.admitting import Admission, admit
from shop.visits.matters import Matter
from shop.visits.models import Practitioner
from shop.visits.slots import Slot, free_slots
from shop.visits.spacing import Spacing, spacing_of
from shop.wallet.series import Check

LOOKED_AT = 42  # days that one page looks through
FEW = 6  # times of a day that are seen without opening the rest
CLEAR = Check(0, None, None)
NO_DAY = "There is no day left on which another of these sessions could be. Please call us, and we find a way."


@dataclass(frozen=True)
class OfferedDay:
    """One day with its free times, what spacing says of it, and whether it has to be asked for."""

    day: date
    slots: list[Slot]
    check: Check
    is_early: bool

    @property
    def some(self) -> list[Slot]:
        """A handful spread over the day, for a first look; all of them when they are few."""
        if len(self.slots) <= FEW + 2:
            return self.slots
        return [self.slots[n * (len(self.slots) - 1) // (FEW - 1)] for n in range(FEW)]


@dataclass(frozen=True)
class Bounds:
    """What limits the choice besides the diaries."""

    admission: Admission
    spacing: Spacing | None
    not_before: datetime
    unasked: date
    until: date

    def check(self, on: date) -> Check:
        return self.spacing.check(on) if self.spacing else CLEAR

    def is_early(self, on: date) -> bool:
        """Whether a visit on that day begins within the days of withdrawal, and nobody asked for that yet."""
        return on < self.unasked


@dataclass(frozen=True)
class Offer:
    """`later` is where the next page begins; `early_first` the first free day before the window has passed, if hidden."""

    days: list[OfferedDay]
    practitioners: Sequence[Practitioner]
    later: date | None
    unasked: date
    starts_early: bool
    problem: str = ""


def bounds_of(matter: Matter, *, without: int | None = None, is_staff: bool = False) -> Bounds:
    """Notice, spacing, answers and the withdrawal window for one matter; `without` is the visit that moves."""
    credit = matter.credit
    lead = timedelta(hours=0 if is_staff else setting("visits.lead_hours"))
    return Bounds(
        admission=Admission("ok") if is_staff else admit(matter),
        spacing=spacing_of(credit, without=without) if credit else None,
        not_before=clock.now() + lead,
        unasked=early.first_day(credit) if credit else date.min,
        until=clock.today() + timedelta(days=setting("visits.horizon_days")),
    )


def offer(
    matter: Matter,
    *,
    since: date | None = None,
    days: int = 6,
    practitioner_id: int | None = None,
    early: bool = False,
    moving: int | None = None,
    is_staff: bool = False,
) -> Offer:
    """The next `days` days with free times. Staff also see days that spacing forbids, each with its reason."""
    bounds = bounds_of(matter, without=moving, is_staff=is_staff)
    admission = bounds.admission
    if admission.problem and not admission.first:
        return Offer([], [], None, bounds.unasked, early, admission.problem)
    first = max(clock.local(bounds.not_before).date(), admission.first or date.min, since or date.min)
    first = first if early or is_staff else max(first, bounds.unasked)
    if bounds.spacing and not is_staff:
        spaced = bounds.spacing.earliest(since=first, days=(bounds.until - first).days + 1)
        if spaced is None:
            return Offer([], [], None, bounds.unasked, early, NO_DAY)
        first = spaced
    last = min(first + timedelta(days=LOOKED_AT - 1), bounds.until)
    diaries = calendars.load(
        first, last, treatment_id=matter.treatment_id, gives=matter.gives, without=[moving] if moving else ()
    )
    found = _days(matter, bounds, diaries, first, last, practitioner_id, forbidden_too=is_staff)
    later = _later([one.day for one in found], days, last, bounds.until)
    return Offer(found[:days], diaries.practitioners, later, bounds.unasked, early, admission.problem)


def _days(
    matter: Matter,
    bounds: Bounds,
    diaries: calendars.Calendars,
    first: date,
    last: date,
    practitioner_id: int | None,
    *,
    forbidden_too: bool,
) -> list[OfferedDay]:
    found = []
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        check = bounds.check(on)
        if not (check.is_allowed or forbidden_too):
            continue
        slots = free_slots(
            diaries.plan(on, client_id=matter.client_id),
            matter.length,
            step_minutes=setting("visits.step_minutes"),
            not_before=bounds.not_before,
            practitioner_id=practitioner_id,
        )
        if slots:
            found.append(OfferedDay(on, slots, check, bounds.is_early(on)))
    return found


def _later(days: list[date], shown: int, last: date, until: date) -> date | None:
    if len(days) > shown:
        return days[shown]
    return last + timedelta(days=1) if last < until else None
