"""A trial on a small place of skin, read after two days, good for a set time."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.settings import setting
from shop.intake.models import PatchTest

RESULTS = ("clear", "reaction")


def place(client_id: int, about: str, *, by: str, on: date | None = None) -> PatchTest:
    """A trial begins. Raises Refused for a day that lies ahead."""
    day = on or clock.today()
    if day > clock.today():
        raise Refused("A trial cannot begin on a day that lies ahead.", field="placed_on")
    test = PatchTest(client_id=client_id, about=about, placed_on=day, placed_by=by, content={}, made_at=clock.now())
    db.session.add(test)
    db.session.flush()
    return test


def read(test_id: int, *, client_id: int, result: str, note: str = "", by: str) -> PatchTest:
    """Write down how the skin answered. Raises Refused before its time, Conflict when it was read already."""
    test = one_or_404(select(PatchTest).where(PatchTest.id == test_id, PatchTest.client_id == client_id))
    if result not in RESULTS:
        raise Refused("Say whether the skin stayed clear or reacted.", field="result")
    if test.read_on is not None:
        raise Conflict("This trial was read already.")
    first = test.placed_on + timedelta(days=setting("intake.patch_wait_days"))
    if clock.today() < first and result == "clear":
        raise Refused(f"It can be called clear from {first:%A} {first.day} {first:%B} on.", field="result")
    test.content, test.read_on, test.read_by = {"result": result, "note": note.strip()}, clock.today(), by
    test.expires_on = clock.today() + timedelta(days=setting("intake.patch_valid_days"))
    db.session.flush()
    return test


def tests_of(client_id: int) -> list[PatchTest]:
    """The newest first."""
    mine = select(PatchTest).where(PatchTest.client_id == client_id)
    return list(db.session.scalars(mine.order_by(PatchTest.id.desc())))


def is_needed(about: str) -> bool:
    return about in setting("intake.patch_tests")
