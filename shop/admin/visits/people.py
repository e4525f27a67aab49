"""Finding the client an appointment is for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from shop.accounts.assigning import Reader, seen_by
from shop.accounts.models import Client
from shop.core.db import db, one_or_404

SHOWN = 12
LEAST = 2


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str
    phone: str


def find_people(q: str, *, reader: Reader) -> list[Person]:
    """By a part of name, e-mail or telephone; too little to look for finds nobody."""
    text = q.strip()[:80]
    if len(text) < LEAST:
        return []
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    columns = (Client.name, Client.email, Client.phone)
    hit = or_(*(column.ilike(like, escape="\\") for column in columns))
    rows = (
        select(Client)
        .where(hit, Client.erased_at.is_(None), seen_by(reader, Client.id))
        .order_by(Client.name, Client.id)
        .limit(SHOWN)
    )
    return [Person(row.id, row.name, row.email, row.phone) for row in db.session.scalars(rows)]


def get_person(client_id: int | None) -> Client:
    """Raises NotFound."""
    wanted = select(Client).where(Client.id == (client_id or 0), Client.erased_at.is_(None))
    return one_or_404(wanted, "This client is not here.")
