"""A client brings sessions along that were paid before this shop was there: they are owed, and no card here paid for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import vat_inside
from shop.core.units import Part, Unit, pack
from shop.core.units import units as split_units
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit

CHARGE = "brought:"  # what names such a charge; its money goes back by hand


def bring_in(
    client_id: int,
    *,
    name: str,
    statement_name: str,
    sessions: int,
    left: int,
    each_minor: int,
    vat_percent: str,
    currency: str,
    bought_on: date,
    expires_on: date,
    cause: str,
    by: str,
    package_id: int | None = None,
    treatment_id: int | None = None,
    area: str = "",
    gaps: list[Any] | None = None,
    reason: str = "",
) -> Credit:
    """4 of 6 left at 90.00 each open the books with 300.00 net. Only what is left comes in; done once per cause."""
    if not 0 < left <= sessions:
        raise Refused("Say how many of the sessions are left.", field="left")
    if each_minor < 0:
        raise Refused("A price cannot be below zero.", field="each")
    known = db.session.scalars(select(Credit).where(Credit.cause == cause)).first()
    if known is not None:
        return known
    total = each_minor * left
    shares = split_units(total, vat_inside(total, vat_percent), left, charge=f"{CHARGE}{cause}")
    arrives = Grant(
        cause=cause,
        name=name,
        statement_name=statement_name,
        sessions=left,
        units=pack(shares if total else (Unit(),) * left),
        currency=currency,
        bought_on=bought_on,
        expires_on=expires_on,
        area=area,
        gaps=gaps,
        package_id=package_id,
        treatment_id=treatment_id,
        move="receive",
        reason=f"{left} of {sessions} were left" + (f": {reason}" if reason else ""),
    )
    return grant(client_id, [arrives], order_number=None, by=by)[0]


def is_brought(part: Part) -> bool:
    return part.charge.startswith(CHARGE)
