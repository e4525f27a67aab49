"""Whoever signs in may be cared for too: a user without a client gets one when there is something to keep in it."""

from __future__ import annotations

from shop.accounts.finding import find_client
from shop.accounts.models import Client, User
from shop.core import clock
from shop.core.db import db


def own_client(user_id: int) -> Client:
    """The user's client, made now if there is none."""
    known = find_client(user_id)
    if known is not None:
        return known
    user = db.session.get_one(User, user_id)
    client = Client(user_id=user.id, name=user.name, email=user.email, made_at=clock.now())
    db.session.add(client)
    db.session.flush()
    return client
