"""Every change of state leaves one row with who and when: the history of a thing is the audit trail of the shop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Index, insert, select
from sqlalchemy.orm import Mapped

from shop.core import clock
from shop.core.append_only import append_only
from shop.core.db import Base, IdPk, db


@append_only
class HistoryRow(Base):
    """`subject` is a kind and an id ("order:AG-10023"); `axis` one of its small states ("payment")."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject", "subject", "id"),)

    id: Mapped[IdPk]
    at: Mapped[datetime]
    subject: Mapped[str]
    axis: Mapped[str]
    was: Mapped[str | None]
    now: Mapped[str | None]
    by: Mapped[str]
    note: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]
    request_id: Mapped[str | None]


def record(
    subject: str,
    *,
    axis: str,
    was: str | None,
    now: str | None,
    by: str,
    note: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one row; never holds an answer, an allergy, a token or a card. `by` is "user:7", "system" or "guest"."""
    request_id = g.get("request_id") if has_request_context() else None
    row = {"at": clock.now(), "subject": subject, "axis": axis, "was": was, "now": now, "by": by}
    db.session.execute(insert(HistoryRow).values(**row, note=note, details=details, request_id=request_id))


def history_of(subject: str) -> list[HistoryRow]:
    """Oldest first."""
    return list(db.session.scalars(select(HistoryRow).where(HistoryRow.subject == subject).order_by(HistoryRow.id)))


def actor(user: Any) -> str:
    """How a person is named in the trail."""
    if user is None or not getattr(user, "is_authenticated", False):
        return "guest"
    return f"user:{user.id}"
