"""A person the clinic cares for who has no sign-in: a guest's order opens this file, a claim may join it later."""

from __future__ import annotations

from shop.accounts.models import Client
from shop.core import clock
from shop.core.db import db


def open_file(*, name: str, email: str, phone: str = "") -> Client:
    """A client without a user; it has its id when this returns. The same address may have several files."""
    client = Client(name=name, email=email, phone=phone, made_at=clock.now())
    db.session.add(client)
    db.session.flush()
    return client
