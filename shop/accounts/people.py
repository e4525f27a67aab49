"""Who stands before the shop: one reading of the sign-in, its user and their client tells it for a whole request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Row

from shop.accounts.hashing import digest
from shop.accounts.models import Client, SignIn, User
from shop.accounts.roles import can
from shop.core import clock
from shop.core.db import db, write_apart
from shop.core.settings import setting

STAFF_IDLE, STAFF_WHOLE = timedelta(minutes=30), timedelta(hours=12)
CLIENT_IDLE, CLIENT_WHOLE = timedelta(days=14), timedelta(days=90)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Nobody:
    """A visitor who is not signed in."""

    id: None = None
    client_id: None = None
    sign_in_id: None = None
    email: str = ""
    name: str = ""
    role: None = None
    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True
    is_staff: bool = False
    is_locked: bool = False

    def can(self, right: str) -> bool:
        return False

    def get_id(self) -> None:
        return None


@dataclass(frozen=True)
class Locked(Nobody):
    """A member of staff whose screen has locked: nobody, until the PIN or the password is given again."""

    is_locked: bool = True
    locked_id: int = 0
    locked_name: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in; staff only ever with their second factor given."""

    id: int
    client_id: int | None
    sign_in_id: int
    email: str
    name: str
    role: str | None
    seen_at: datetime
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False
    is_locked: bool = False
    may_export: bool = True

    @property
    def is_staff(self) -> bool:
        return self.role is not None

    def can(self, right: str) -> bool:
        return can(self.role, right)

    def get_id(self) -> str:
        return str(self.id)


def find_person(token: str) -> Person | Locked | None:
    """Who holds this token, if the sign-in still stands; staff's is locked by silence, by its length or by hand.

    One statement on a connection of its own, so that a POST does not begin to hold the write lock here.
    """
    columns = (
        SignIn.id,
        SignIn.started_at,
        SignIn.seen_at,
        SignIn.second_at,
        SignIn.locked_at,
        User.id,
        User.email,
        User.name,
        User.role,
        Client.id,
        User.exports_closed_at,
    )
    joined = select(*columns).join(User, User.id == SignIn.user_id).outerjoin(Client, Client.user_id == User.id)
    standing = joined.where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None), User.disabled_at.is_(None))
    engine = db.engines.get("read") or db.engines[None]
    with engine.connect() as connection:
        row = connection.execute(standing).first()
    return _person(row) if row else None


def still_here(person: Person) -> None:
    """Move last-seen on, at most once a minute, in a transaction of its own."""
    now = clock.now()
    if now - person.seen_at < SEEN_EVERY:
        return
    with write_apart() as session:
        session.execute(
            update(SignIn).where(SignIn.id == person.sign_in_id, SignIn.seen_at < now).values(seen_at=now),
            execution_options={"synchronize_session": False},
        )


def staff_idle() -> timedelta:
    """So long may a desk stand unattended; the clinic may shorten it, never lengthen it."""
    return min(STAFF_IDLE, timedelta(minutes=setting("staff.lock_minutes")))


def _person(row: Row) -> Person | Locked | None:
    sign_in_id, started_at, seen_at, second_at, locked_at, user_id, email, name, role, client_id, closed_at = row
    now = clock.now()
    if role and second_at is None:
        return None
    idle, whole = (staff_idle(), STAFF_WHOLE) if role else (CLIENT_IDLE, CLIENT_WHOLE)
    if locked_at or now - seen_at > idle or now - started_at > whole:
        is_recent = now - seen_at <= STAFF_WHOLE
        return Locked(locked_id=user_id, locked_name=name or email) if role and is_recent else None
    return Person(user_id, client_id, sign_in_id, email, name, role, seen_at, may_export=closed_at is None)
