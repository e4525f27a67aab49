"""The audit trail is sealed in batches: each seal holds a digest of its rows and of the seal before it.

A row that somebody edits, takes out or slips in behind the shop's back no longer fits; `shop check` then names the batch.
The newest digest is also in the log, where whoever can write to the database cannot reach it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock
from shop.core.append_only import append_only
from shop.core.db import Base, IdPk, db, insert_once
from shop.core.history import HistoryRow
from shop.core.logs import note

SETTLED = timedelta(minutes=10)  # whoever drew an earlier number has long committed or given up by then
BATCH = 5000
BEFORE_ALL = "0" * 64


@append_only
class HistorySeal(Base):
    """`digest` is of the rows after the seal before it, up to `last_id`, and of that seal's own digest."""

    __tablename__ = "history_seal"

    id: Mapped[IdPk]
    last_id: Mapped[int] = mapped_column(unique=True)
    rows: Mapped[int]
    digest: Mapped[str]
    sealed_at: Mapped[datetime]


def seal() -> int:
    """Seal the rows that have settled; says how many. Of two workers at once one does it."""
    newest = db.session.scalars(select(HistorySeal).order_by(HistorySeal.id.desc()).limit(1)).first()
    after, digest = (newest.last_id, newest.digest) if newest else (0, BEFORE_ALL)
    settled = clock.now() - SETTLED
    wanted = select(HistoryRow).where(HistoryRow.id > after).order_by(HistoryRow.id).limit(BATCH)
    rows = list(takewhile(lambda row: row.at <= settled, db.session.scalars(wanted)))
    if not rows:
        return 0
    values = {"rows": len(rows), "digest": _digest(digest, rows), "sealed_at": clock.now()}
    if not insert_once(HistorySeal, unique="last_id", last_id=rows[-1].id, **values):
        return 0
    note("trail sealed", last=rows[-1].id, rows=len(rows), digest=values["digest"])
    return len(rows)


def differences() -> list[str]:
    """One sentence for the first batch whose rows are not what was sealed; what follows hangs on it."""
    digest, after = BEFORE_ALL, 0
    for one in db.session.scalars(select(HistorySeal).order_by(HistorySeal.id)):
        wanted = select(HistoryRow).where(HistoryRow.id > after, HistoryRow.id <= one.last_id).order_by(HistoryRow.id)
        rows = db.session.scalars(wanted, execution_options={"populate_existing": True}).all()
        digest = _digest(digest, rows)
        if digest != one.digest or len(rows) != one.rows:
            return [f"audit trail: rows {after + 1} to {one.last_id} are not what was sealed on {one.sealed_at:%Y-%m-%d}"]
        after = one.last_id
    return []


def _digest(before: str, rows: Sequence[HistoryRow]) -> str:
    made = hashlib.sha256(before.encode())
    for text in _told(rows):
        made.update(text.encode())
    return made.hexdigest()


def _told(rows: Iterable[HistoryRow]) -> Iterable[str]:
    """Each row as one line, the same on every database."""
    for row in rows:
        at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [row.id, at, row.subject, row.axis, row.was, row.now, row.by, row.note, row.details, row.request_id]
        yield json.dumps(said, ensure_ascii=True, sort_keys=True) + "\n"
