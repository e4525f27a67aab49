"""The attention list: what a machine must not decide waits here for a person, with its reason and what to do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock
from shop.core.db import Base, IdPk, changed, db
from shop.core.errors import Conflict


class AttentionEntry(Base):
    """One question for a person; resolved by name, never deleted."""

    __tablename__ = "attention"

    id: Mapped[IdPk]
    kind: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    what_to_do: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(index=True)
    resolved_by: Mapped[str | None]
    note: Mapped[str | None]


def raise_entry(kind: str, *, subject: str, reason: str, what_to_do: str, key: str, urgent: bool = False) -> None:
    """Ask for a person; the same key asks once, however often the cause repeats."""
    values = {
        "kind": kind,
        "subject": subject,
        "key": key,
        "reason": reason,
        "what_to_do": what_to_do,
        "urgent": urgent,
        "raised_at": clock.now(),
    }
    if db.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        db.session.execute(pg_insert(AttentionEntry).values(**values).on_conflict_do_nothing(index_elements=["key"]))
    else:
        db.session.execute(insert(AttentionEntry).prefix_with("OR IGNORE").values(**values))


def resolve_entry(entry_id: int, *, by: str, note: str) -> None:
    """Close an entry. Raises Conflict when somebody closed it before."""
    open_entry = update(AttentionEntry).where(AttentionEntry.id == entry_id, AttentionEntry.resolved_at.is_(None))
    if not changed(open_entry.values(resolved_at=clock.now(), resolved_by=by, note=note)):
        raise Conflict("Somebody has closed this entry already.")
