"""Whose bag it is: a guest's cookie holds a random token, a client's bag belongs to the sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import select

from shop.bag.models import Bag
from shop.core import clock
from shop.core.db import db


@dataclass(frozen=True)
class Owner:
    """One of `token`, `user_id` and `bag_id` says whose bag is meant; none means that there is none yet.

    `bag_id` names a sale at the desk. `client_id` is who a guest has proved to be: what is unlocked for that client is
    open in this bag.
    """

    token: str | None = None
    user_id: int | None = None
    bag_id: int | None = None
    client_id: int | None = None

    @property
    def known_by(self) -> tuple[str, Any]:
        """The column of the bag that names its owner, and what stands there."""
        if self.bag_id is not None:
            return "id", self.bag_id
        if self.user_id is not None:
            return "user_id", self.user_id
        return "token_hash", hashed(self.token or "")

    @property
    def condition(self) -> Any:
        column, key = self.known_by
        return getattr(Bag, column) == key

    @property
    def is_known(self) -> bool:
        return self.user_id is not None or self.token is not None or self.bag_id is not None


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def draw_token() -> str:
    return token_urlsafe(24)


def find_bag(owner: Owner) -> Bag | None:
    if not owner.is_known:
        return None
    return db.session.scalars(select(Bag).where(owner.condition)).first()


def get_or_make_bag(owner: Owner) -> Bag:
    """The owner's bag, made now if this is the first thing that goes in."""
    return find_bag(owner) or make_bag(owner)


def make_bag(owner: Owner) -> Bag:
    token_hash = None if owner.user_id is not None else hashed(owner.token or "")
    bag = Bag(token_hash=token_hash, user_id=owner.user_id, made_at=clock.now())
    db.session.add(bag)
    db.session.flush()
    return bag
