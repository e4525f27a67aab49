"""The next-client card: who comes, which session it is, what was last time, what to mind, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.admin.visits.days import Entry, entries_of
from shop.admin.visits.home import AtHome, at_home
from shop.cases.standing import is_open_for
from shop.core import clock
from shop.core.db import db
from shop.core.money import money
from shop.core.templating import day
from shop.intake.readiness import Problem
from shop.visits.admitting import admit
from shop.visits.attending import extras_of, missing_for
from shop.visits.declining import can_decline
from shop.visits.finding import owing_visits
from shop.visits.matters import matter_of
from shop.visits.models import Visit
from shop.visits.proposing import propose
from shop.visits.recording import Last, find_record, last_record
from shop.visits.slots import Slot
from shop.visits.spacing import spacing_of
from shop.visits.undoing import undo_until
from shop.wallet.finding import credits_of
from shop.wallet.models import Credit

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Owned:
    """What the client still has of one package."""

    name: str
    words: str
    ends_soon: bool


@dataclass(frozen=True)
class Card:
    """Everything about one visit; what is about health is empty for those who may not read it."""

    entry: Entry
    visit: Visit
    credit: Credit | None
    series: dict[str, object] | None
    warnings: list[tuple[str, str]]
    to_sign: list[str]
    owned: list[Owned]
    home: list[AtHome]
    extras: list[Credit]
    reads_health: bool
    last: Last | None
    has_record: bool
    is_finished: bool
    proposal: Slot | None
    undo_until: datetime | None
    can_decline: bool

    @property
    def act(self) -> str:
        """The one suggested act: arrived, treated, record, next, or nothing."""
        if self.entry.state in ("booked", "arrived"):
            return {"booked": "arrived", "arrived": "treated"}[self.entry.state]
        if self.entry.state != "done":
            return ""
        if self.reads_health and not self.is_finished and self.visit.kind in ("session", "upkeep"):
            return "record"
        return "next" if self.proposal else ""


def card_of(visit: Visit, *, reads_health: bool) -> Card:
    """The caller has logged the reading, where there is one."""
    [entry] = entries_of(Visit.id == visit.id)
    credit = db.session.get(Credit, visit.credit_id) if visit.credit_id else None
    kept = find_record(visit) if reads_health else None
    extras = extras_of(visit) if visit.is_ahead else []
    missing = missing_for(visit, [extra.id for extra in extras]) if visit.is_ahead else []
    return Card(
        entry=entry,
        visit=visit,
        credit=credit,
        series=_series(credit),
        warnings=list(_warnings(visit, credit, missing)),
        to_sign=[one.about for one in missing if one.kind == "consent"],
        owned=[_owned(one) for one in credits_of(visit.client_id) if one.free],
        home=at_home(visit.client_id),
        extras=extras,
        reads_health=reads_health,
        last=last_record(visit) if reads_health else None,
        has_record=kept is not None,
        is_finished=kept is not None and kept.finished_at is not None,
        proposal=propose(visit) if visit.state == "done" else None,
        undo_until=undo_until(visit),
        can_decline=can_decline(visit, credit),
    )


def _series(credit: Credit | None) -> dict[str, object] | None:
    if credit is None:
        return None
    gaps = [[gap, gap] if isinstance(gap, int) else list(gap) for gap in credit.gaps]
    return {"gaps": gaps[: max(0, credit.granted - 1)], "done": credit.used, "booked": credit.held - credit.reserved}


def _warnings(visit: Visit, credit: Credit | None, missing: Sequence[Problem]) -> Iterator[tuple[str, str]]:
    """(words, kind of state). Whether answers speak against it is said without saying which."""
    if visit.is_ahead and is_open_for(visit.client_id):
        yield "A case of this client is open. Whoever treats looks at it first.", "no"
    for owing in owing_visits(visit.client_id):
        yield f"{money(owing.owed_minor)} are still due for {owing.number}, which was cancelled late.", "wait"
    if credit is None or not visit.is_ahead:
        return
    check = spacing_of(credit, without=visit.id).check(clock.local(visit.starts_at).date())
    yield from ((words, "no") for words in check.problems)
    yield from ((words, "wait") for words in check.warnings)
    admission = admit(matter_of(credit))
    if admission.problem:
        yield "The answers need a look before this treatment.", "no"
    elif admission.must_answer:
        yield "The questions about health are not answered, or too long ago.", "wait"
    yield from ((one.sentence, "no") for one in missing if one.kind != "answers")
    if credit.used == 0:
        yield "First session: it begins with the included consultation.", "open"
    if credit.frozen_on is not None:
        yield f"These sessions are paused since {day(credit.frozen_on)}.", "no"


def _owned(credit: Credit) -> Owned:
    ends_soon = credit.expires_on - clock.today() <= SOON
    left = f"{credit.free} of {credit.granted} free"
    return Owned(credit.name, f"{left}, until {day(credit.expires_on, weekday=False)}", ends_soon)
