"""Whether something is open for a client: while it is, nothing is advertised to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select

from shop.cases.models import Case
from shop.core.db import db


def is_open_for(client_id: int | None) -> bool:
    return client_id is not None and client_id in clients_with_open([client_id])


def clients_with_open(client_ids: Iterable[int]) -> set[int]:
    """Of these clients, who has an open case; one statement."""
    wanted = select(Case.client_id).where(Case.client_id.in_(list(client_ids)), Case.closed_at.is_(None))
    return {client_id for client_id in db.session.scalars(wanted.distinct()) if client_id is not None}


def count_open(kinds: Iterable[str]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(open_cases(kinds).subquery())) or 0)


def open_cases(kinds: Iterable[str]) -> Select[Any]:
    """The urgent first, then by deadline."""
    wanted = select(Case).where(Case.closed_at.is_(None), Case.kind.in_(list(kinds)))
    return wanted.order_by(Case.is_urgent.desc(), Case.due_at, Case.id)


def quiet_for(*, client_id: int) -> bool:
    """Hears "mail.promotes": whether an e-mail that wants to sell something stays unsent."""
    return is_open_for(client_id)
