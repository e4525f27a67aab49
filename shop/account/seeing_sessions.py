"""What is left of what was paid for: each series with its add-ons, its beads on the line and its last day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from shop.catalog.models import Package
from shop.core import clock
from shop.core.db import db
from shop.core.templating import day
from shop.wallet.models import Credit

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Extra:
    """An add-on that comes with the sessions."""

    name: str
    left: int
    granted: int


@dataclass(frozen=True)
class Series:
    """One bought package as its owner sees it."""

    code: str
    name: str
    area: str
    gaps: list[Any]
    granted: int
    done: int
    booked: int
    left: int
    expires_on: date
    is_frozen: bool
    order_number: str | None
    package_slug: str | None
    treatment_id: int | None
    extras: tuple[Extra, ...] = field(default=())

    @property
    def is_over(self) -> bool:
        return self.is_expired or not (self.left or self.booked)

    @property
    def is_expired(self) -> bool:
        return not self.is_frozen and self.expires_on < clock.today()

    @property
    def ends_soon(self) -> bool:
        return bool(self.left) and not self.is_over and not self.is_frozen and self.expires_on - clock.today() <= SOON

    @property
    def caption(self) -> str:
        """ "2 done, 1 booked, 3 left. To be used by Tuesday 15 June 2027"."""
        if self.done == self.granted:
            return "All done."
        counts = [(self.done, "done"), (self.booked, "booked"), (self.left, "left")]
        words = ", ".join(f"{number} {what}" for number, what in counts if number or what == "left")
        return f"{words}. {self._until()}"

    def _until(self) -> str:
        if self.is_frozen:
            return "Paused: the time does not run."
        last = day(self.expires_on, year=True)
        return f"Their time ended on {last}." if self.is_expired else f"To be used by {last}."


def series_of(client_id: int | None) -> list[Series]:
    """Every series of a client in one statement: what can still be used first, the earliest last day first."""
    if client_id is None:
        return []
    mine = select(Credit, Package.slug).outerjoin(Package, Package.id == Credit.package_id)
    rows = db.session.execute(mine.where(Credit.client_id == client_id).order_by(Credit.expires_on, Credit.id)).all()
    extras: dict[int | None, list[Extra]] = {}
    for credit, _ in rows:
        if credit.kind == "addon":
            extras.setdefault(credit.parent_id, []).append(Extra(credit.name, credit.free, credit.granted))
    found = [_series(credit, slug, extras.get(credit.id, [])) for credit, slug in rows if credit.kind == "sessions"]
    return sorted(found, key=lambda series: series.is_over)


def _series(credit: Credit, slug: str | None, extras: list[Extra]) -> Series:
    return Series(
        code=credit.code,
        name=credit.name,
        area=credit.area,
        gaps=credit.gaps,
        granted=credit.granted,
        done=credit.used,
        booked=credit.held - credit.reserved,
        left=credit.free,
        expires_on=credit.expires_on,
        is_frozen=credit.frozen_on is not None,
        order_number=credit.order_number,
        package_slug=slug,
        treatment_id=credit.treatment_id,
        extras=tuple(extras),
    )
