"""Where the clinic keeps clients apart, a colleague's client is nowhere for a consultant: asked before each page of the desks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.assigning import is_bound, seen_by
from shop.accounts.models import Client
from shop.cases.models import Case
from shop.core.db import db
from shop.core.errors import NotFound
from shop.intake.models import CupboardItem, Screening, SealedFile
from shop.orders.models import Order
from shop.visits.models import Visit, VisitWish

GONE = "There is no such client."
LARGEST_ID = 2**53
# The first that an address begins with counts; the argument names the row, the row its client.
WHOSE: tuple[tuple[str, str, Any, Any], ...] = (
    ("/admin/visits/<number>", "number", Visit.client_id, Visit.number),
    ("/admin/visits/waiting/<int:id>", "id", VisitWish.client_id, VisitWish.id),
    ("/admin/orders/<number>", "number", Order.client_id, Order.number),
    ("/admin/cases/<int:id>", "id", Case.client_id, Case.id),
    ("/admin/answers/clients/<int:id>", "id", Client.id, Client.id),
    ("/admin/answers/files/<token>", "token", SealedFile.client_id, SealedFile.name),
    ("/admin/answers/labels/<int:id>", "id", CupboardItem.client_id, CupboardItem.id),
    ("/admin/answers/<int:id>", "id", Screening.client_id, Screening.id),
    ("/admin/clients/<int:id>", "id", Client.id, Client.id),
)


def refuse_others_clients() -> None:
    """Raises NotFound. Costs others than a bound consultant nothing; a guest's order or case is everybody's."""
    if not (current_user.is_authenticated and is_bound(current_user)):
        return
    for client_id in _meant():
        seen = select(Client.id).where(Client.id == client_id, seen_by(current_user, Client.id))
        if db.session.scalar(seen) is None:
            raise NotFound(GONE)
    if request.method not in ("GET", "HEAD"):
        db.session.rollback()  # a page that logs a reading writes apart, and must not wait for this look


def _meant() -> Iterator[int]:
    """The client of the address, and one who is named beside it."""
    rule = request.url_rule.rule if request.url_rule is not None else ""
    for begins, name, whose, column in WHOSE:
        if rule == begins or rule.startswith(f"{begins}/"):
            value = (request.view_args or {}).get(name)
            known = value if isinstance(value, str) else min(int(value or 0), LARGEST_ID)
            found = db.session.scalar(select(whose).where(column == known))
            if found is not None:
                yield int(found)
            break
    for given in (request.args, request.form if request.mimetype != "multipart/form-data" else {}):
        for name in ("client", "with"):
            text = str(given.get(name, ""))
            if _names_client(rule, name) and text.isascii() and text.isdecimal() and len(text) < 16:
                yield int(text)
    order = str(request.form.get("order", "")) if rule == "/admin/cases/new" and request.method == "POST" else ""
    if order:
        found = db.session.scalar(select(Order.client_id).where(Order.number == order.strip().upper()))
        if found is not None:
            yield int(found)


def _names_client(rule: str, name: str) -> bool:
    """ "with" is a practitioner where appointments are made, and another file where two are joined."""
    return name == "client" or rule.endswith("/join")
