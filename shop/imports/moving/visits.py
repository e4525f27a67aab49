"""Booked visits: they take their time and one session each. Nobody is written to: these people know."""

from __future__ import annotations

from sqlalchemy import func, select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.templating import moment
from shop.imports.moving.shapes import NEW, SAME, Facts, client_of, needed, package_of, wall_time
from shop.imports.reading import Line
from shop.visits.booking import Choice, book
from shop.visits.matters import Matter, free_matter, matter_of
from shop.visits.models import Practitioner, Visit
from shop.wallet.models import Credit

COLUMNS = ("client", "what", "starts", "practitioner")
EXAMPLE = ("nora@example.com", "hair-6", "2026-12-01 10:30", "Ines Okafor")
FREE = ("consultation", "review")
WHY = "Agreed before this shop"


def bring(line: Line, facts: Facts) -> tuple[str, str]:
    """`what` is consultation, review, or a package the client has sessions of. Raises Refused."""
    client, what, starts_at = client_of(line), needed(line, "what"), wall_time(line, "starts")
    if starts_at <= clock.now():
        raise Refused("This time is over.", field="starts")
    words = f"{client.name}: {moment(starts_at)}"
    cause = f"moved-in:{client.id}:{starts_at.isoformat(timespec='minutes')}"
    if db.session.scalar(select(Visit.id).where(Visit.cause == cause)) is not None:
        return SAME, words
    matter = free_matter(what, client_id=client.id) if what in FREE else _session(line, client.id)
    choice = Choice(starts_at=starts_at, practitioner_id=_practitioner(line), override=WHY, is_staff=True, asked_early=True)
    book(matter, choice, cause=cause, by=facts.by, tells=False)
    return NEW, words


def _session(line: Line, client_id: int) -> Matter:
    package = package_of(line, "what")
    mine = select(Credit).where(Credit.client_id == client_id, Credit.package_id == package.id)
    free = (credit for credit in db.session.scalars(mine.order_by(Credit.expires_on, Credit.id)) if credit.free > 0)
    credit = next(free, None)
    if credit is None:
        raise Refused("No session of this package is free: bring the packages in first.", field="what")
    return matter_of(credit)


def _practitioner(line: Line) -> int | None:
    name = line.get("practitioner")
    if not name:
        return None
    same = (func.lower(Practitioner.name) == name.lower(), Practitioner.is_active)
    found = db.session.scalar(select(Practitioner.id).where(*same).limit(1))
    if found is None:
        raise Refused(f"“{name[:80]}” has no calendar here.", field="practitioner")
    return found
