"""One bag, one open order: a second click finds the first one's payment page, a changed bag replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from shop.checkout.paying import expire, open_page
from shop.checkout.settling import settle
from shop.core import clock
from shop.core.db import db
from shop.orders import placing
from shop.orders.models import Order
from shop.payments import attempts
from shop.payments.answers import CheckoutSession
from shop.payments.connection import gateway
from shop.payments.errors import StripeDown, StripeRefused

ENOUGH_TIME = timedelta(minutes=2)


@dataclass(frozen=True)
class Resumed:
    """What became of the bag's open order `number`: an outcome of settle(), "free" when there is none any more.

    "waiting" comes with the address of the open payment page for exactly this bag and buyer.
    """

    outcome: str
    number: str = ""
    session_id: str = ""
    url: str = ""

    @property
    def is_free(self) -> bool:
        return self.outcome in ("free", "lapsed")

    @property
    def is_paid(self) -> bool:
        return self.outcome in ("placed", "again")


def resume(bag_id: int, *, mark: str) -> Resumed:
    """Find the open order's page for this bag and buyer, or make the way free. Raises PaymentProblem.

    Commits in between: Stripe is asked with no transaction open.
    """
    order = db.session.scalars(select(Order).where(Order.bag_id == bag_id, Order.state == "open")).first()
    if order is None:
        db.session.rollback()
        return Resumed("free")
    attempt = attempts.newest_of(order.number)
    number, is_same = order.number, order.promise.get("fingerprint") == mark
    if attempt is None or not is_same or attempt.expires_at - clock.now() < ENOUGH_TIME:
        session_id = attempt.session_id if attempt else None
        db.session.rollback()
        return Resumed(close(number, session_id), number, session_id or "")
    asked, session_id, url = attempts.intent_of(attempt), attempt.session_id, attempt.session_url
    db.session.rollback()
    if session_id is None:
        return _ask_again(asked)
    return Resumed(settle(session_id), number, session_id, url or "")


def close(number: str, session_id: str | None) -> str:
    """Give an open order up; if it was paid at this very moment, it is placed instead. Commits. An outcome of settle()."""
    session_id = session_id or _ask_which(number)
    if session_id is not None:
        expire(session_id)
        return settle(session_id)
    attempt = attempts.newest_of(number)
    if attempt is not None:
        attempts.move(attempt.id, "failed")
    placing.lapse(number)
    db.session.commit()
    return "lapsed"


def _ask_again(asked: attempts.Intent) -> Resumed:
    """The first answer was lost: the same key brings the same page, unless Stripe will never give one under it."""
    try:
        page = open_page(asked)
    except (StripeDown, StripeRefused) as problem:
        if isinstance(problem, StripeDown) and not problem.replayed:
            raise
        return Resumed(close(asked.order_number, None), asked.order_number)
    db.session.commit()
    return Resumed("waiting", asked.order_number, page.id, page.url or "")


def _ask_which(number: str) -> str | None:
    """An attempt without an answer may still have a page at Stripe: the same key tells. Nobody has seen its address."""
    attempt = attempts.newest_of(number)
    asked = attempts.intent_of(attempt) if attempt else None
    db.session.rollback()
    if asked is None or asked.params.expires_at < clock.now():
        return None  # a page that is over by itself, if there was one
    page = _page_of(asked)
    if page is None or not attempts.remember(asked.attempt_id, page):
        db.session.rollback()
        return page.id if page else None
    db.session.commit()
    return page.id


def _page_of(asked: attempts.Intent) -> CheckoutSession | None:
    try:
        return gateway().create_session(attempt=asked.params, idempotency_key=asked.idempotency_key)
    except StripeRefused:
        return None
    except StripeDown as problem:
        if problem.replayed:  # the same failure for as long as Stripe knows the key
            return None
        raise
