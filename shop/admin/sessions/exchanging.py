"""A larger package or another treatment, sold at the desk: the difference is taken here, or goes back the way it came."""

from __future__ import annotations

from typing import Any

from shop.accounts.models import Client
from shop.admin.choosing import choices
from shop.admin.sessions.acts import Act, Done
from shop.admin.sessions.forms import ExchangeForm
from shop.checkout.at_desk import settle_at_desk
from shop.checkout.buyers import buyer_of
from shop.checkout.swapping import back_minor, get_swap, swap_now, swaps
from shop.checkout.upgrading import Offer, get_offer, offers, prepare_upgrade
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.money import money
from shop.orders.contents import country_of
from shop.orders.differing import lock_payers
from shop.wallet.models import Credit
from shop.wallet.moving import lock

TENDERS = ("cash", "terminal", "bank")


def _lay_out(kind: str) -> Any:
    def lay_out(credit: Credit, form: Any) -> None:
        found = offers(credit) if kind == "upgrade" else swaps(credit)
        form.package.choices = choices({"": "Choose"} | {one.slug: _words(one, credit) for one in found})

    return lay_out


def _words(offer: Offer, credit: Credit) -> str:
    back = back_minor(offer)
    if back:
        return f"{offer.name}: {money(back, credit.currency)} back"
    return f"{offer.name}: {money(offer.pay_minor, credit.currency)} more" if offer.pay_minor else f"{offer.name}: the same"


def _offer(kind: str, credit: Credit, form: Any) -> Offer:
    slug = form.package.data or ""
    return get_offer(credit, slug) if kind == "upgrade" else get_swap(credit, slug)


def _look(kind: str) -> Any:
    def look(credit: Credit, form: Any) -> list[str]:
        offer = _offer(kind, credit, form)
        worth = money(sum(unit.gross_minor for unit in offer.exchange.units), credit.currency)
        said = [
            f"{_sessions(credit.free)} free become {_sessions(offer.left_after)} of {offer.name}, worth {worth} together."
        ]
        if credit.held - credit.reserved:
            said.append("Booked appointments stay as they are.")
        if offer.pay_minor:
            _paid(form, offer, credit)
            said.append(f"{money(offer.pay_minor, credit.currency)} come in now.")
        if back_minor(offer):
            said.append(
                f"{money(back_minor(offer), credit.currency)} go back the way they were paid, the newest payment first."
            )
        return said

    return look


def _do(kind: str) -> Any:
    def do(credit: Credit, form: Any, cause: str, by: str) -> Done:
        offer = _offer(kind, credit, form)
        if not offer.pay_minor:
            if kind == "swap" and back_minor(offer) and not form.may_pay_back:
                raise Refused("Money goes back here: ask whoever leads the clinic.", field="package")
            done = swap_now(credit, offer, cause=cause, by=by, reason=form.reason.data)
            return Done("Changed.", done.credit.code)
        tenders = _paid(form, offer, credit)
        lock_payers(credit)
        lock(credit.id)  # a second click waits here, and then finds that the sessions have changed
        order, _ = prepare_upgrade(
            credit,
            _offer(kind, credit, form),
            buyer_of(owner_of(credit), country=country_of(number=credit.order_number or "")),
            mark=cause,
            kind=kind,
            reason=form.reason.data,
        )
        number = order.number
        settle_at_desk(order, tenders, by=by)
        new = db.session.scalar(_new_credit(number))
        if new is None:
            raise Conflict("These sessions have changed meanwhile. Look at them again, please.")
        return Done(f"Changed, by order {number}.", new)

    return do


def _new_credit(number: str) -> Any:
    from sqlalchemy import select

    return select(Credit.code).where(Credit.order_number == number, Credit.kind == "sessions")


def _paid(form: Any, offer: Offer, credit: Credit) -> list[tuple[str, int]]:
    """What was typed, if it is exactly what is due and the client agreed. Raises Refused."""
    tenders = [(name, form[name].minor) for name in TENDERS if form[name].minor]
    given = sum(minor for _, minor in tenders)
    if given != offer.pay_minor:
        due = money(offer.pay_minor, credit.currency)
        raise Refused(f"{due} are due, and {money(given, credit.currency)} were typed.", field="cash")
    if not form.terms.data:
        raise Refused("The client has to agree to the terms first.", field="terms")
    return tenders


def owner_of(credit: Credit) -> Client:
    return db.session.get_one(Client, credit.client_id)


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _can_exchange(credit: Credit) -> bool:
    return credit.frozen_on is None and credit.free > 0 and credit.expires_on >= clock.today()


EXCHANGES = (
    Act(
        "upgrade", "Larger package", "Take the money and change it", "sessions.change", ExchangeForm,
        _can_exchange, _look("upgrade"), _do("upgrade"), _lay_out("upgrade"),
    ),
    Act(
        "swap", "Another treatment", "Change the treatment", "sessions.change", ExchangeForm,
        _can_exchange, _look("swap"), _do("swap"), _lay_out("swap"),
    ),
)  # fmt: skip
