"""What was sent from a screen that had locked is not lost: it waits, sealed, until the person who typed it is back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from shop.accounts.models import KeptForm
from shop.core import clock
from shop.core.db import changed, db, write_apart
from shop.core.errors import NotFound

KEPT_FOR = timedelta(days=3)  # a note of Friday evening is still there on Monday morning
LARGEST = 100_000  # characters
AT_ONCE = 10
SECRETS = ("csrf_token", "password", "current", "pin", "kept")  # never kept: tokens and what opens doors


@dataclass(frozen=True)
class Typed:
    """One form as it was sent; `fields` in the order of the page."""

    id: int
    path: str
    fields: list[tuple[str, str]]
    kept_at: datetime

    @property
    def words(self) -> list[str]:
        """What a person would miss, for the page that offers it back: the longer texts of the form."""
        return [value for _, value in self.fields if len(value.split()) > 1]


def keep(user_id: int, *, path: str, fields: Iterable[tuple[str, str]]) -> bool:
    """Seal a form for this person; the same page sent again takes the place of the first. In a transaction of its own.

    Says whether it was kept: an empty form is not, and neither is one longer than any form of ours.
    """
    typed = [(name, value) for name, value in fields if name not in SECRETS]
    sealed = json.dumps(typed)
    if not any(value.strip() for _, value in typed) or len(sealed) > LARGEST:
        return False
    mine = KeptForm.user_id == user_id
    with write_apart() as session:
        newest = select(KeptForm.id).where(mine).order_by(KeptForm.id.desc()).limit(AT_ONCE - 1)
        fallen = list(session.scalars(select(KeptForm.id).where(mine, KeptForm.id.not_in(newest))))
        session.execute(delete(KeptForm).where(mine, (KeptForm.path == path) | KeptForm.id.in_(fallen)))
        session.add(KeptForm(user_id=user_id, path=path, fields=sealed, kept_at=clock.now()))
    return True


def has_kept(user_id: int) -> bool:
    return db.session.scalar(select(KeptForm.id).where(*_mine(user_id)).limit(1)) is not None


def kept_of(user_id: int) -> list[Typed]:
    """This person's own, the newest first."""
    rows = db.session.scalars(select(KeptForm).where(*_mine(user_id)).order_by(KeptForm.id.desc()))
    return [Typed(row.id, row.path, [tuple(pair) for pair in json.loads(row.fields)], row.kept_at) for row in rows]


def drop(kept_id: int, *, user_id: int) -> None:
    """Thrown away unsent. Raises NotFound for another's."""
    if not changed(delete(KeptForm).where(KeptForm.id == kept_id, KeptForm.user_id == user_id)):
        raise NotFound("This is not kept any more.")


def drop_sent(kept_id: int, *, user_id: int) -> None:
    """It has arrived at its page. In a transaction of its own, once the page's own is over."""
    with write_apart() as session:
        session.execute(delete(KeptForm).where(KeptForm.id == kept_id, KeptForm.user_id == user_id))


def _mine(user_id: int) -> tuple:  # type: ignore[type-arg]
    return KeptForm.user_id == user_id, KeptForm.kept_at > clock.now() - KEPT_FOR
