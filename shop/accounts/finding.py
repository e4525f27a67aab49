"""Which user an address belongs to, asked in a way that leaves the write lock alone while a password is hashed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from shop.accounts.models import Client, User
from shop.core.db import db


@dataclass(frozen=True)
class Known:
    """What signing in needs to know of a user."""

    id: int
    email: str
    name: str
    role: str | None
    password_hash: str | None
    is_disabled: bool


def find_known(email: str) -> Known | None:
    """By address in any case, on the reading engine, whose transaction is over when this returns."""
    columns = (User.id, User.email, User.name, User.role, User.password_hash, User.disabled_at)
    engine = db.engines.get("read") or db.engines[None]
    with engine.connect() as connection:
        row = connection.execute(select(*columns).where(User.email == email.strip().lower())).first()
    return Known(*row[:5], is_disabled=row[5] is not None) if row else None


def find_user(email: str) -> User | None:
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).first()


def find_client(user_id: int) -> Client | None:
    return db.session.scalars(select(Client).where(Client.user_id == user_id)).first()
