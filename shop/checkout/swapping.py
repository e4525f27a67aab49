"""Sessions of one treatment become as many of another: what is missing is paid like an upgrade, what is too much goes back.

Each free session is worth what one of the other package costs, share by share, so that 4 of 6 for 720.00 are 480.00.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from shop.catalog.models import Package, Treatment
from shop.checkout.upgrading import Offer, target_of
from shop.core.db import db, one_or_404
from shop.core.errors import Refused
from shop.core.money import split_even
from shop.core.units import Exchange
from shop.orders.differing import lock_payers, pay_difference
from shop.wallet.exchanging import Exchanged, exchange, quote_swap
from shop.wallet.models import Credit


def swaps(credit: Credit) -> list[Offer]:
    """Series of other treatments, by name; empty while nothing is free or the sessions are paused."""
    if credit.kind != "sessions" or credit.frozen_on is not None or not credit.free:
        return []
    others = select(Package, Treatment.name).join(Treatment, Treatment.id == Package.treatment_id)
    wanted = others.where(
        Package.state == "live",
        Package.kind == "series",
        Package.treatment_id != (credit.treatment_id or 0),
        Treatment.sold_as != "unsold",
    )
    rows = db.session.execute(wanted.order_by(Treatment.name, Package.sessions, Package.id)).all()
    return [_swap(credit, package, name) for package, name in rows]


def get_swap(credit: Credit, slug: str) -> Offer:
    """Raises NotFound for a package that is not sold, Refused when these sessions cannot become it."""
    package = one_or_404(select(Package).where(Package.slug == slug), "This package is not offered any more.")
    found = next((one for one in swaps(credit) if one.target.package_id == package.id), None)
    if found is None:
        raise Refused("These sessions cannot become this package.", field="package")
    return found


def swap_now(credit: Credit, offer: Offer, *, cause: str, by: str, reason: str) -> Exchanged:
    """Where nothing is missing: change the sessions and ask for what is too much to go back. Once per cause.

    Locks the orders that paid, then the credit.
    """
    lock_payers(credit)
    done = exchange(
        credit.id, "swap", offer.target, paid_minor=0, charge=cause, order_number=None, cause=cause, by=by, reason=reason
    )
    pay_difference(done.back, cause=cause, what=credit.statement_name, reason=reason, by=by)
    return done


def _swap(credit: Credit, package: Package, treatment: str) -> Offer:
    sessions = credit.free
    shares = split_even(package.price_minor, package.sessions)
    worth = sum(shares[n % package.sessions] for n in range(sessions))
    target = replace(
        target_of(package),
        sessions=sessions,
        price_minor=worth,
        name=f"{treatment}, {sessions} {'session' if sessions == 1 else 'sessions'}",
        statement_name=package.statement_name.replace(str(package.sessions), str(sessions), 1),
    )
    found: Exchange = quote_swap(credit, target)
    return Offer(
        package.slug,
        f"{treatment}, {package.name}",
        sessions,
        found.pay_minor,
        sessions,
        target,
        found,
        package.single_minor,
    )


def back_minor(offer: Offer) -> int:
    """What goes back when the other treatment costs less."""
    return sum(part.gross_minor for part in offer.exchange.back)
