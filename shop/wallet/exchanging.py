"""One package becomes another: what is left is split anew, what is missing is a new charge, what is too much goes back.

From 3 sessions for 297 (1 used) to 6 for 540: pay 243.00, and the 5 left are worth 441.00. Booked sessions stay where
they are, as used ones do, and count towards the new package; only free ones are split anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from shop.core import clock, ledger, units
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.units import Exchange, Part, Unit, pack
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit
from shop.wallet.moving import lock, move, moves_of, units_of
from shop.wallet.validity import last_day

CHANGED = "These sessions have changed meanwhile, so the price is another one now."


@dataclass(frozen=True, kw_only=True)
class Target:
    """The package that is wanted instead, as it is sold today."""

    package_id: int | None
    treatment_id: int | None
    name: str
    statement_name: str
    sessions: int
    price_minor: int
    vat_percent: str
    validity_days: int
    area: str = ""
    gaps: list[Any] | None = None


@dataclass(frozen=True)
class Exchanged:
    """The new credit, and what each charge gives back when the new package is cheaper."""

    credit: Credit
    back: tuple[Part, ...]


def quote_upgrade(credit: Credit, target: Target, *, charge: str = "quote") -> Exchange:
    """What the larger package costs on top. Raises Refused when it is not larger, or nothing is free to go into it."""
    free, stays = _lying(credit)
    if target.sessions <= credit.granted:
        raise Refused("Choose a package with more sessions than this one.")
    if not free and not stays:
        raise Refused("Nothing of this package is left to build on.")
    facts: dict[str, Any] = {
        "to_sessions": target.sessions,
        "to_price_minor": target.price_minor,
        "vat_percent": target.vat_percent,
    }
    found = units.upgrade(free, stays, **facts, charge=charge)
    if found.pay_minor < 1:
        raise Refused("This package costs no more than what was paid. Ask us, we change it for you.")
    return found


def quote_swap(credit: Credit, target: Target, *, charge: str = "quote") -> Exchange:
    """What another treatment costs on top of the sessions still free, or gives back. Raises Refused when none is free."""
    free, _ = _lying(credit)
    if not free:
        raise Refused("No session is free to be changed.")
    facts: dict[str, Any] = {
        "sessions": target.sessions,
        "worth_minor": target.price_minor,
        "vat_percent": target.vat_percent,
    }
    return units.exchange(free, **facts, charge=charge)


def exchange(
    credit_id: int,
    kind: str,
    target: Target,
    *,
    paid_minor: int,
    charge: str,
    order_number: str | None,
    cause: str,
    by: str,
    reason: str = "",
) -> Exchanged:
    """Move the free sessions out and grant them anew; `kind` is "upgrade" or "swap", `charge` names what was paid on top.

    Raises Conflict when the sessions changed since the price was made, and when they are paused. Once per cause.
    """
    credit = lock(credit_id)
    known = db.session.scalars(select(Credit).where(Credit.cause == cause)).first()
    if known is not None:
        return Exchanged(known, ())
    quote = quote_upgrade if kind == "upgrade" else quote_swap
    found = quote(credit, target, charge=charge)
    if found.pay_minor != paid_minor:
        raise Conflict(CHANGED)
    client_id, number, free = credit.client_id, order_number or credit.order_number, credit.free
    arrives = _grant(target, found.units, credit, cause=cause, reason=reason)
    if free:
        move(credit_id, kind, sessions=free, cause=f"{cause}:out", by=by, reason=reason)
    [new] = grant(client_id, [arrives], order_number=number, by=by)
    changed(update(Credit).where(Credit.parent_id == credit_id).values(parent_id=new.id))
    return Exchanged(new, found.back)


def _lying(credit: Credit) -> tuple[list[Unit], list[Unit]]:
    """The shares of free sessions, and of those used or booked; whatever has left counts in neither."""
    where = ledger.places(moves_of(credit.id))
    shares = list(zip(units_of(credit), where, strict=True))
    free = [unit for unit, place in shares if place == "free"]
    return free, [unit for unit, place in shares if place in ("held", "used")]


def _grant(target: Target, shares: tuple[Unit, ...], old: Credit, *, cause: str, reason: str) -> Grant:
    """A change never shortens the time for which the sessions were bought."""
    return Grant(
        cause=cause,
        name=target.name,
        statement_name=target.statement_name,
        sessions=len(shares),
        units=pack(shares),
        currency=old.currency,
        expires_on=max(last_day(clock.today(), validity_days=target.validity_days), old.expires_on),
        area=target.area,
        gaps=target.gaps,
        package_id=target.package_id,
        treatment_id=target.treatment_id,
        reason=reason,
    )
