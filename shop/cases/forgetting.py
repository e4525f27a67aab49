"""A person is forgotten: their words go; that something happened, with session and lot numbers, stays for those who must be able to tell."""

from __future__ import annotations

from sqlalchemy import delete, select

from shop.cases.models import Case, CaseEntry
from shop.core import clock
from shop.core.db import changed, db

KEPT = ("sessions", "products", "weeks")


def forget_cases(*, client_id: int | None, **_facts: object) -> None:
    """Hears "client_erased". A case that is still open is closed with it."""
    if client_id is None:
        return
    for case in db.session.scalars(select(Case).where(Case.client_id == client_id).order_by(Case.id)):
        changed(delete(CaseEntry).where(CaseEntry.case_id == case.id))
        case.content = {name: case.content[name] for name in KEPT if name in case.content}
        result = case.outcome["result"] if case.outcome else "lost"
        case.outcome = {"result": result, "words": ""}
        case.closed_at, case.closed_by = case.closed_at or clock.now(), case.closed_by or "system"
    db.session.flush()
