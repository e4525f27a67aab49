"""A file that was handed in through the browser: kept until it has been shown, applied and forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class ImportRun(Base):
    """`new` → checking → `checked` → applying → `applied`; `broken` says in `problem` why it stopped.

    `content` and `lines` are compressed. `seen_at` is the worker's sign of life: a run without one is begun again.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state in ('new', 'checking', 'checked', 'applying', 'applied', 'broken')", name="state"),
    )

    id: Mapped[IdPk]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="new")
    kind: Mapped[str]
    columns: Mapped[list[str]]
    mapping: Mapped[dict[str, Any]]
    key: Mapped[list[str]]
    stock: Mapped[int | None]
    rows: Mapped[int]
    progress: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]]
    problem: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    lines: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
