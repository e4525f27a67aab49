"""A PIN switches between staff on one tablet: only where that person has given password and second factor within a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import delete, select

from shop.accounts.hashing import digest
from shop.accounts.models import KnownDevice, StaffPin, User
from shop.accounts.signing_in import DEVICE_LASTS
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.history import record

SHORTEST, LONGEST = 4, 8
WRONG = "This PIN does not fit."


@dataclass(frozen=True)
class AtHand:
    """Somebody who may come in here with a PIN; `device_id` is the proof it rests on."""

    id: int
    name: str
    role: str
    pin_hash: str
    proved_at: datetime
    device_id: int


def check_pin(pin: str) -> None:
    """Digits that a colleague does not guess at first sight. Raises Refused."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise Refused("Four to eight figures.", field="pin")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(set(pin)) < 3 or steps in ({1}, {-1}) or (pin[:2] in ("19", "20") and len(pin) == 4):
        raise Refused("That one is guessed easily: no row of figures, no year.", field="pin")


def set_pin(user_id: int, *, pin_hash: str, by: str) -> None:
    """`pin_hash` comes from `hashing.hash_password`, made before anything is written."""
    row = db.session.get(StaffPin, user_id)
    record(f"user:{user_id}", axis="pin", was="set" if row else None, now="set", by=by)
    if row is None:
        row = StaffPin(user_id=user_id)
        db.session.add(row)
    row.pin_hash, row.set_at = pin_hash, clock.now()


def drop_pin(user_id: int, *, by: str) -> None:
    """None there changes nothing."""
    if changed(delete(StaffPin).where(StaffPin.user_id == user_id)):
        record(f"user:{user_id}", axis="pin", was="set", now=None, by=by)


def has_pin(user_id: int) -> bool:
    return db.session.get(StaffPin, user_id) is not None


def at_hand(token: str | None) -> list[AtHand]:
    """Who may come in with a PIN in the browser that holds this device token, by name.

    On the reading engine, whose transaction is over when this returns: a PIN is hashed before anything is written.
    """
    if not token:
        return []
    columns = (User.id, User.name, User.email, User.role, StaffPin.pin_hash, KnownDevice.proved_at, KnownDevice.id)
    joined = select(*columns).join(StaffPin, StaffPin.user_id == User.id).join(KnownDevice, KnownDevice.user_id == User.id)
    here = (KnownDevice.token_hash == digest(token), KnownDevice.proved_at > clock.now() - DEVICE_LASTS)
    works_here = (User.role.is_not(None), User.disabled_at.is_(None))
    engine = db.engines.get("read") or db.engines[None]
    with engine.connect() as connection:
        rows = connection.execute(joined.where(*here, *works_here).order_by(User.name, User.id)).all()
    return [AtHand(row[0], row[1] or row[2], row[3] or "", *row[4:]) for row in rows]


def forget_proof(device_id: int) -> None:
    """Too many wrong PINs: here this person begins with password and second factor again."""
    changed(delete(KnownDevice).where(KnownDevice.id == device_id))
