"""Who did something, as the desks show it: a name for "user:7", a plain word for everybody else."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from shop.accounts.models import User
from shop.core.db import db

WORDS = {"system": "the shop", "checkout": "checkout", "stripe": "Stripe", "guest": "the buyer", "worker": "the shop"}


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """actor → name, in one statement."""
    wanted = {actor for actor in actors if actor}
    ids = {int(actor[5:]): actor for actor in wanted if actor.startswith("user:") and actor[5:].isdecimal()}
    found = {actor: WORDS.get(actor, actor) for actor in wanted}
    if ids:
        for user_id, name, email in db.session.execute(select(User.id, User.name, User.email).where(User.id.in_(ids))):
            found[ids[user_id]] = name or email
    return found
