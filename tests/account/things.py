"""What a client owns, as the tests of the account arrange it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from shop.accounts.models import Client
from shop.core import clock
from shop.core.db import db
from shop.intake.models import Screening
from shop.orders.models import Order, OrderLine
from shop.visits.models import Practitioner, Room, Visit
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit
from tests.support.factories import make_package, make_product, make_variant

_number = count(1)


def make_series(client: Client, *, sessions: int = 6, addons: int = 0, **given: Any) -> Credit:
    """A bought package with its sessions; `used=`, `held=`, `expires_on=` change the row afterwards."""
    n, package = next(_number), make_package(sessions=sessions)
    units = [[["charge", 9000, 1500]]] * sessions
    facts = {"sessions": sessions, "units": units, "validity_days": 365, "currency": "GBP"}
    words = {"name": f"Series {n}", "statement_name": f"Skin sessions ({sessions})"}
    wanted = [Grant(cause=f"line:{n}", gaps=package.gaps, package_id=package.id, **words, **facts)]
    for extra in range(addons):
        names = {"name": f"Extra {extra}", "statement_name": "Extra"}
        wanted.append(Grant(cause=f"line:{n}:{extra}", kind="addon", parent_cause=f"line:{n}", **names, **facts))
    credit = grant(client.id, wanted, order_number=None, by="test")[0]
    for name, value in given.items():
        setattr(credit, name, value)
    credit.free = credit.granted - credit.used - credit.held
    db.session.flush()
    return credit


def make_order(client: Client | None, *, lines: int = 1, **given: Any) -> Order:
    """A placed order of products that are still sold."""
    n, now = next(_number), clock.now()
    amounts = {
        "goods_minor": 2500 * lines,
        "sessions_minor": 0,
        "delivery_minor": 0,
        "total_minor": 2500 * lines,
        "vat_minor": 417,
    }
    facts = {"number": f"AG-{n:05}", "client_id": client.id if client else None, "state": "placed", "fulfilment": "done"}
    person = {
        "email": client.email if client else "g@example.com",
        "name": client.name if client else "G",
        "delivery": "ship",
    }
    rest = {"address": {"line1": "12 Linden Row"}, "country": "GB", "jurisdiction": "uk", "currency": "GBP"}
    empty = {"consents": [], "promise": {}, "holds": [], "made_at": now, "placed_at": now}
    order = Order(**facts | person | amounts | rest | empty | given)
    db.session.add(order)
    db.session.flush()
    for position in range(lines):
        make_line(order, position)
    return order


def make_line(order: Order, position: int, **given: Any) -> OrderLine:
    product = make_product(variants=0)
    variant = make_variant(product)
    facts = {"order_id": order.id, "position": position, "kind": "variant", "variant_id": variant.id, "name": product.name}
    sums = {"quantity": 1, "list_minor": 2500, "gross_minor": 2500, "vat_percent": "20", "vat_minor": 417}
    drawing = {**product.drawing, "brand": "Solenne"}
    rest = {"statement_name": "Skincare", "details": {"drawing": drawing}, "unit_gross": [2500], "unit_vat": [417]}
    line = OrderLine(**facts | sums | rest | given)
    db.session.add(line)
    db.session.flush()
    return line


def in_days(days: int) -> Any:
    return clock.today() + timedelta(days=days)


def make_visit(client: Client, *, starts_at: Any, **given: Any) -> Visit:
    """An appointment of an hour."""
    n = next(_number)
    room, practitioner = Room(name=f"Room {n}"), Practitioner(name=f"Dr {n}")
    db.session.add_all([room, practitioner])
    db.session.flush()
    facts = {"number": f"V-{n}", "client_id": client.id, "kind": "consultation", "state": "booked", "session": "none"}
    where = {"practitioner_id": practitioner.id, "room_id": room.id, "uid": f"v{n}", "cause": f"visit:{n}", "by": "test"}
    hour = {"starts_at": starts_at, "leaves_at": starts_at + timedelta(hours=1), "ends_at": starts_at + timedelta(hours=1)}
    visit = Visit(**facts | where | hour | {"made_at": clock.now(), "changed_at": clock.now()} | given)
    db.session.add(visit)
    db.session.flush()
    return visit


def make_screening(client: Client, answers: dict[str, Any]) -> Screening:
    now = clock.now()
    facts = {"treatment": "meso-lines", "answers": answers, "decision": {"decision": "ok"}, "rules_version": "1"}
    rest = {"consent_version": 1, "consent_at": now, "made_at": now, "valid_until": clock.today()}
    row = Screening(client_id=client.id, **facts | rest)
    db.session.add(row)
    db.session.flush()
    return row
