"""The days after a treatment: what waits and until when, from the clinic's rules for the treatment and its add-ons that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from shop.care.aftercare import Entry, timeline
from shop.care.aftercare_days import Stage, day_view
from shop.care.loading import book_of
from shop.catalog.models import AddOn, Treatment
from shop.core import clock
from shop.core.db import db
from shop.visits.models import Visit
from shop.visits.models.visit import TAKES_TIME
from shop.wallet.models import Credit, CreditMove

LATE = timedelta(hours=3)  # a treatment marked as done later than this after its time was written down in the evening


@dataclass(frozen=True)
class Care:
    """What one visit's aftercare depends on."""

    visit: Visit
    slug: str
    addons: tuple[str, ...]

    @property
    def since(self) -> datetime:
        """When the client left; of an appointment to come, when they will."""
        visit = self.visit
        if visit.done_at and visit.leaves_at < visit.done_at < visit.leaves_at + LATE:
            return visit.done_at
        return visit.leaves_at

    def entries(self) -> list[Entry]:
        return timeline(self.slug, self.addons, self.since, clock.zone(), book=book_of("aftercare"))

    def stages(self) -> list[Stage]:
        return day_view(self.slug, self.addons, self.since, clock.zone(), book=book_of("aftercare"))


def care_of(visit: Visit) -> Care | None:
    """None for a visit at which nobody is treated."""
    return next(iter(cares_of([visit])), None)


def cares_of(visits: Iterable[Visit]) -> list[Care]:
    """Of every visit that treats, done or to come, in three statements."""
    wanted = [visit for visit in visits if visit.kind in ("session", "upkeep") and visit.state in TAKES_TIME]
    slugs = _slugs({visit.treatment_id for visit in wanted})
    addons = _addons(wanted)
    return [
        Care(visit, slugs[visit.treatment_id], tuple(sorted(addons.get(visit.id, ()))))
        for visit in wanted
        if visit.treatment_id in slugs
    ]


def _slugs(treatment_ids: set[int | None]) -> dict[int | None, str]:
    if not treatment_ids:
        return {}
    rows = select(Treatment.id, Treatment.slug).where(Treatment.id.in_(treatment_ids))
    return {row.id: row.slug for row in db.session.execute(rows)}


def _addons(visits: Sequence[Visit]) -> dict[int, set[str]]:
    """Visit id → its add-ons: what was redeemed with it, or, before it, what is still there to be."""
    ids = {visit.credit_id for visit in visits if visit.credit_id}
    if not ids:
        return {}
    hang = select(Credit.id, Credit.parent_id, Credit.free, AddOn.slug).join(AddOn, AddOn.id == Credit.addon_id)
    extras = db.session.execute(hang.where(Credit.parent_id.in_(ids))).all()
    done = _redeemed([extra.id for extra in extras])
    found: dict[int, set[str]] = defaultdict(set)
    for visit in visits:
        for extra in extras:
            if extra.parent_id != visit.credit_id:
                continue
            cause = f"visit:{visit.uid}:{visit.turn}:addon:{extra.id}:done"
            if cause in done if visit.state == "done" else extra.free:
                found[visit.id].add(extra.slug)
    return found


def _redeemed(extra_ids: list[int]) -> set[str]:
    if not extra_ids:
        return set()
    moves = select(CreditMove.cause).where(CreditMove.credit_id.in_(extra_ids), CreditMove.kind == "redeem")
    return set(db.session.scalars(moves))
