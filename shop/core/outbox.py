"""What must happen outside the database is written down in the same transaction as its cause, and done at least once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import Base, IdPk, changed, db
from shop.core.handlers import outbox_handler

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=4)  # a mail server that is back has everything five minutes later
TRIES_BEFORE_ALARM = 6


class OutboxRow(Base):
    """One effect to come; `key` makes the same effect impossible twice."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "done_at", "due_at"),)

    id: Mapped[IdPk]
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    put_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


def put(kind: str, payload: Mapping[str, Any], *, key: str, due_at: datetime | None = None) -> None:
    """Write one effect down; a second one with the same key is silently the first. Plain JSON values only."""
    put_all([(kind, dict(payload), key)], due_at=due_at)


def put_all(effects: Iterable[tuple[str, dict[str, Any], str]], *, due_at: datetime | None = None) -> None:
    """The same for several (kind, payload, key) in one statement."""
    now = clock.now()
    rows = [
        {"kind": kind, "payload": payload, "key": key, "put_at": now, "due_at": due_at or now, "tries": 0}
        for kind, payload, key in effects
    ]
    if rows:
        db.session.execute(_insert_ignoring_known_keys(), rows)
        db.session.info.setdefault("nudges", []).extend(row["key"] for row in rows)


def _insert_ignoring_known_keys() -> Any:
    dialect = db.session.get_bind().dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        return pg_insert(OutboxRow).on_conflict_do_nothing(index_elements=["key"])
    return insert(OutboxRow).prefix_with("OR IGNORE")


def due_ids(*, limit: int = 100) -> list[int]:
    """Rows whose time has come and that nobody holds, oldest first."""
    now = clock.now()
    waiting = select(OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.due_at <= now, _free(now))
    return list(db.session.scalars(waiting.order_by(OutboxRow.due_at, OutboxRow.id).limit(limit)))


def work(row_id: int) -> bool:
    """Do one row: lease it, run its handler, mark it done. Commits twice; False when another worker has it.

    A crash between the two commits leaves the row leased; it comes back after LEASE. Handlers therefore do the same
    thing safely a second time.
    """
    row = _lease(row_id)
    if row is None:
        return False
    kind, payload, key, tries = row
    try:
        outbox_handler(kind)(**payload)
        changed(update(OutboxRow).where(OutboxRow.id == row_id).values(done_at=clock.now(), error=None))
        db.session.commit()
    except Exception as broken:
        db.session.rollback()
        _put_back(row_id, kind, key, tries, broken)
    return True


def work_all(*, rounds: int = 20) -> int:
    """Work until nothing is due; the worker's sweep and the tests use it. Returns how many rows were done."""
    done = 0
    for _ in range(rounds):
        ids = due_ids()
        db.session.rollback()
        if not ids:
            break
        done += sum(work(row_id) for row_id in ids)
    return done


def _free(now: datetime) -> Any:
    return or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)


def _lease(row_id: int) -> tuple[str, dict[str, Any], str, int] | None:
    now = clock.now()
    mine = (
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.done_at.is_(None), OutboxRow.due_at <= now, _free(now))
        .values(leased_until=now + LEASE, tries=OutboxRow.tries + 1)
        .returning(OutboxRow.kind, OutboxRow.payload, OutboxRow.key, OutboxRow.tries)
        .execution_options(synchronize_session=False)
    )
    row = db.session.execute(mine).first()
    db.session.commit()
    return None if row is None else (row.kind, row.payload, row.key, row.tries)


def _put_back(row_id: int, kind: str, key: str, tries: int, broken: Exception) -> None:
    """Later again, doubling the wait; a row that keeps failing asks for a person."""
    wait = min(LONGEST_WAIT, timedelta(seconds=5 * 2 ** min(tries, 20)))
    values = {"leased_until": None, "due_at": clock.now() + wait, "error": type(broken).__name__}
    changed(update(OutboxRow).where(OutboxRow.id == row_id).values(**values))
    if tries >= TRIES_BEFORE_ALARM:
        raise_entry(
            "outbox",
            subject=f"outbox:{row_id}",
            reason=f"“{kind}” failed {tries} times ({type(broken).__name__}).",
            what_to_do="Look at the log for the time given, mend the cause; it is tried again by itself.",
            key=f"outbox:{key}",
        )
    db.session.commit()
