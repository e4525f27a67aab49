"""Which clients a consultant sees: all of them, or, where the clinic chose so, her own and those that are nobody's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from sqlalchemy import delete, or_, select, true

from shop.accounts.models import Assignment, Client, User
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.history import record
from shop.core.settings import setting

Row = TypeVar("Row")
BOUND = "consultant"  # the one role whose clients may be only her own


class Reader(Protocol):
    """Who looks: a person who is signed in."""

    @property
    def id(self) -> int | None: ...
    @property
    def role(self) -> str | None: ...


def seen_by(reader: Reader, client_id: Any) -> Any:
    """The condition under which a column's client is this reader's to see; asked anew by each request."""
    if not is_bound(reader):
        return true()
    own = select(Assignment.client_id).where(Assignment.user_id == reader.id)
    taken = select(Assignment.client_id)
    return or_(client_id.in_(own), client_id.not_in(taken))


def is_bound(reader: Reader) -> bool:
    """Whether this reader's clients are only some of the clinic's."""
    return reader.role == BOUND and bool(setting("clients.own_only"))


def only_seen(reader: Reader, rows: Iterable[Row], whose: Callable[[Row], int | None]) -> list[Row]:
    """Of rows that were read already those of clients whom this reader may see; what is nobody's stays. One statement or none."""
    there = list(rows)
    if not is_bound(reader):
        return there
    ids = {client_id for row in there if (client_id := whose(row)) is not None}
    seen = set(db.session.scalars(select(Client.id).where(Client.id.in_(ids), seen_by(reader, Client.id))))
    return [row for row in there if whose(row) is None or whose(row) in seen]


def consultants_of(client_id: int) -> list[User]:
    """Who looks after a client, by name."""
    mine = select(User).join(Assignment, Assignment.user_id == User.id).where(Assignment.client_id == client_id)
    return list(db.session.scalars(mine.order_by(User.name, User.id)))


def consultants() -> list[User]:
    """Everybody who may look after clients today."""
    there = select(User).where(User.role == BOUND, User.disabled_at.is_(None))
    return list(db.session.scalars(there.order_by(User.name, User.id)))


def assign(client_id: int, user_id: int, *, by: str) -> None:
    """Once more changes nothing. Raises Refused for somebody who is no consultant."""
    if user_id not in {one.id for one in consultants()}:
        raise Refused("Choose a consultant.", field="consultant")
    known = select(Assignment.id).where(Assignment.client_id == client_id, Assignment.user_id == user_id)
    if db.session.scalar(known) is not None:
        return
    db.session.add(Assignment(client_id=client_id, user_id=user_id, made_at=clock.now(), by=by))
    record(f"client:{client_id}", axis="consultant", was=None, now=f"user:{user_id}", by=by)
    db.session.flush()


def unassign(client_id: int, user_id: int, *, by: str) -> None:
    """From the next page on the client is not hers any more."""
    mine = delete(Assignment).where(Assignment.client_id == client_id, Assignment.user_id == user_id)
    if changed(mine):
        record(f"client:{client_id}", axis="consultant", was=f"user:{user_id}", now=None, by=by)
