"""Slowing down whoever guesses: counters that every process shares, and that survive a rolled back request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock
from shop.core.db import Base, write_apart
from shop.core.errors import TooMany


class LimitCount(Base):
    """How often one key was used in one window; rows of past windows are swept."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    uses: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


def hit(bucket: str, key: str, *, allowed: int, per: timedelta, sentence: str | None = None) -> None:
    """Count one use of `bucket` by `key` (an address, an account). Raises TooMany past `allowed` in the window.

    Commits in a transaction of its own: call it before the request's own first query.
    """
    seconds, window = _window(per)
    name = f"{bucket}:{key}"
    ends_at = datetime.fromtimestamp((window + 1) * seconds, UTC)
    if _count(name, window, ends_at) > allowed:
        minutes = max(1, seconds // 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooMany(sentence or f"That was tried too often. Please wait {wait} and try again.")


def give_back(bucket: str, key: str, *, per: timedelta) -> None:
    """Take one counted use back: it turned out to be rightful. A transaction of its own, as `hit` is."""
    same = (LimitCount.key == f"{bucket}:{key}", LimitCount.window == _window(per)[1], LimitCount.uses > 0)
    with write_apart() as session:
        session.execute(update(LimitCount).where(*same).values(uses=LimitCount.uses - 1))


def sweep_limits() -> int:
    """Drop windows that have passed."""
    with write_apart() as session:
        return session.execute(delete(LimitCount).where(LimitCount.ends_at < clock.now())).rowcount or 0  # type: ignore[attr-defined]


def _window(per: timedelta) -> tuple[int, int]:
    """(length in seconds, number) of the window that is now."""
    seconds = int(per.total_seconds())
    return seconds, int(clock.now().timestamp()) // seconds


def _count(name: str, window: int, ends_at: datetime) -> int:
    with write_apart() as session:
        same = (LimitCount.key == name, LimitCount.window == window)
        raised = update(LimitCount).where(*same).values(uses=LimitCount.uses + 1).returning(LimitCount.uses)
        uses = session.scalar(raised.execution_options(synchronize_session=False))
        if uses is not None:
            return uses
        if session.get_bind().dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert
        else:
            from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
        first = insert(LimitCount).values(key=name, window=window, uses=1, ends_at=ends_at)
        again = first.on_conflict_do_update(index_elements=["key", "window"], set_={"uses": LimitCount.uses + 1}).returning(
            LimitCount.uses
        )
        return session.scalar(again) or 1
