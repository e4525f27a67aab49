"""The distance between a client's sessions, as the series of `wallet.series` asks for it, over what was really done and booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.terms.wording import count, day
from shop.visits.models import Visit
from shop.visits.models.visit import TAKES_TIME
from shop.wallet.models import Credit
from shop.wallet.series import Check, Gap, Past, check_visit, gaps_for, read_gaps


@dataclass(frozen=True)
class Spacing:
    """The visits that count for one credit: its own, and others of the same treatment."""

    gaps: tuple[Gap, ...]
    own: Sequence[Past]
    others: Sequence[date]
    expires_on: date | None
    least_days: int

    def check(self, on: date) -> Check:
        """Whether a session may be on that day; problems forbid it, warnings do not."""
        found = check_visit(self.gaps, self.own, wanted=on, expires_on=self.expires_on)
        near = [other for other in self.others if abs((on - other).days) < self.least_days]
        return replace(found, problems=(*found.problems, *(self._near(other) for other in near)))

    def earliest(self, *, since: date, days: int) -> date | None:
        """The first day on which nothing stands against a session; None when no such day lies in the next `days`."""
        return next((on for n in range(days) if self.check(on := since + timedelta(days=n)).is_allowed), None)

    def _near(self, other: date) -> str:
        least = count(self.least_days, "day")
        return f"Another session of the same treatment is on {day(other)}; there should be at least {least} between them."


def spacing_of(credit: Credit, *, without: int | None = None) -> Spacing:
    """One statement; `without` leaves out the visit that is about to move."""
    gaps = gaps_for(read_gaps(credit.gaps), sessions=credit.granted)
    rows = select(Visit.id, Visit.credit_id, Visit.starts_at, Visit.state).where(
        Visit.client_id == credit.client_id,
        Visit.kind.in_(("session", "upkeep")),
        Visit.treatment_id == credit.treatment_id,
        Visit.state != "moved",
    )
    visits = [row for row in db.session.execute(rows.order_by(Visit.starts_at)) if row.id != without]
    return Spacing(
        gaps=gaps,
        own=[Past(_day(row), _outcome(row.state)) for row in visits if row.credit_id == credit.id],
        others=[_day(row) for row in visits if row.credit_id != credit.id and row.state in TAKES_TIME],
        expires_on=credit.expires_on,
        least_days=min((gap.least for gap in gaps), default=setting("visits.least_days")),
    )


def _day(row: object) -> date:
    return clock.local(row.starts_at).date()  # type: ignore[attr-defined]


def _outcome(state: str) -> str:
    return {"booked": "booked", "arrived": "booked", "done": "done"}.get(state, "missed")
