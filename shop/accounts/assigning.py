"""Which clients a consultant sees: all of them, or, where the clinic chose so, her own and those that are nobody's."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import delete, or_, select, true

from shop.accounts.models import Assignment, User
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.history import record
from shop.core.settings import setting

BOUND = "consultant"  # the one role whose clients may be only her own


class Reader(Protocol):
    """Who looks: a person who is signed in."""

    @property
    def id(self) -> int | None: ...
    @property
    def role(self) -> str | None: ...


def seen_by(reader: Reader, client_id: Any) -> Any:
    """The condition under which a column's client is this reader's to see; asked anew by each request."""
    if reader.role != BOUND or not setting("clients.own_only"):
        return true()
    own = select(Assignment.client_id).where(Assignment.user_id == reader.id)
    taken = select(Assignment.client_id)
    return or_(client_id.in_(own), client_id.not_in(taken))


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
