"""Credits as the wallet's tests arrange them."""

from __future__ import annotations

from itertools import count
from typing import Any

from shop.accounts.models import Client
from shop.core import units
from shop.core.db import db
from shop.core.money import vat_inside
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit
from tests.support.factories import make_client

_number = count(1)


def a_credit(
    client: Client | None = None, *, sessions: int = 6, price_minor: int = 54000, days: int = 365, **given: Any
) -> Credit:
    """Six sessions for 540.00 unless said otherwise, bought today; committed."""
    n = next(_number)
    owner = client or make_client()
    charge = given.pop("charge", f"order-line:{n}")
    shares = units.units(price_minor, vat_inside(price_minor, "20"), sessions, charge=charge)
    facts = {"name": f"{sessions} sessions", "statement_name": f"Skin sessions ({sessions})", "currency": "GBP"}
    facts |= {"units": units.pack(shares), "sessions": sessions, "validity_days": days, "gaps": [[7, 14]] * (sessions - 1)}
    order_number = given.pop("order_number", f"AG-{n}")
    [credit] = grant(owner.id, [Grant(cause=f"{charge}:0", **facts | given)], order_number=order_number, by="checkout")
    db.session.commit()
    return credit


def counters(credit: Credit) -> tuple[int, int, int, int]:
    """free, held, used, reserved as the row shows them now."""
    db.session.expire_all()
    return credit.free, credit.held, credit.used, credit.reserved
