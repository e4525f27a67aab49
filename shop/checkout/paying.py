"""PAY: Stripe is called with no transaction open, under a key that was stored before; its answer is stored after."""

from __future__ import annotations

from shop.core.db import db
from shop.core.errors import Conflict
from shop.core.stops import reached
from shop.payments import attempts
from shop.payments.answers import CheckoutSession
from shop.payments.attempts import Intent
from shop.payments.connection import gateway
from shop.payments.errors import StripeRefused

ELSEWHERE = "This bag is being paid for in another window. Please go on there, or try again."


def open_page(asked: Intent) -> CheckoutSession:
    """Stripe's payment page for this intent. Raises PaymentProblem; asking again is harmless.

    The caller has committed before and commits the answer after. Raises Conflict when the attempt was given up while
    Stripe was being asked: nobody is then sent to a page that belongs to no open order.
    """
    reached("after-intent")
    page = gateway().create_session(attempt=asked.params, idempotency_key=asked.idempotency_key)
    reached("after-stripe")
    if not attempts.remember(asked.attempt_id, page):
        db.session.rollback()
        expire(page.id)
        raise Conflict(ELSEWHERE)
    return page


def expire(session_id: str) -> None:
    """Close a page for good, if it is still open: settle() then reads what it became."""
    try:
        gateway().expire_session(session_id)
    except StripeRefused:
        return
