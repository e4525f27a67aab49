"""Who did something, in a word for people: the name behind "user:7", "the client" behind "client:3"."""

from __future__ import annotations

from sqlalchemy import select

from shop.accounts.models import User
from shop.core.db import db

WORDS = {"system": "the shop", "worker": "the shop", "checkout": "checkout", "stripe": "Stripe", "guest": "the client"}


def name_of_actor(by: str) -> str:
    """What is known of them; the bare mark of somebody who is not here any more."""
    if by.startswith("client"):
        return "the client"
    number = by.removeprefix("user:")
    if by == number or not number.isdecimal() or len(number) > 15:
        return WORDS.get(by, by)
    return db.session.scalar(select(User.name).where(User.id == int(number))) or by
