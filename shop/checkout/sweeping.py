"""What a crash, a lost message or a closed window left behind is healed here, every minute and by `shop sweep`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import exists, select

from shop.checkout.odd_money import key_is_wrong
from shop.checkout.resuming import close
from shop.checkout.settling import settle
from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.handlers import fire
from shop.core.logs import logger, note
from shop.core.settings import setting
from shop.core.stops import reached
from shop.orders import placing
from shop.orders.models import Order
from shop.payments import attempts, inbox
from shop.payments.errors import BadKey, PaymentProblem
from shop.payments.models import PaymentAttempt

SESSION_EVENTS = "checkout.session."
LONGEST_PAUSE = timedelta(hours=6)
OVER = timedelta(hours=1)


def sweep() -> dict[str, int]:
    """Work the inbox, then every attempt whose time is over, then open orders without one. Commits piece by piece."""
    return {"events": work_inbox(), "attempts": _finish_attempts(), "orders": _lapse_orphans()}


def work_inbox() -> int:
    """Every stored event that is due; a failure leaves it for later and raises an alarm after a while."""
    waiting = [(e.event_id, e.type, e.object_id, e.payload, e.tries) for e in inbox.due_events()]
    db.session.rollback()
    for event_id, kind, object_id, payload, tries in waiting:
        outcome = _tried(partial(_hear, kind, object_id, payload), what=f"{kind} {event_id}")
        reached("after-hearing")
        _close_event(event_id, outcome, tries)
    return len(waiting)


def _hear(kind: str, object_id: str, payload: dict[str, Any]) -> str:
    if kind.startswith(SESSION_EVENTS):
        return settle(object_id)
    heard = [str(answer) for answer in fire(f"stripe.{kind}", object_id=object_id, payload=payload)]
    return heard[0] if heard else "ignored"


def _tried(act: Callable[[], str], *, what: str) -> str:
    """What the act came to; empty when it has to be tried again. One that fails never keeps the others waiting."""
    try:
        return act()
    except PaymentProblem as problem:
        db.session.rollback()
        note("payment postponed", what=what, problem=type(problem).__name__)
        if isinstance(problem, BadKey):
            key_is_wrong()
            db.session.commit()
    except Exception as bug:
        db.session.rollback()
        logger.exception("payment work failed: %s", what)
        raise_entry(
            "payment",
            subject=what,
            reason=f"The shop failed while it worked on this payment ({type(bug).__name__}).",
            what_to_do="Look at the log for the time given, mend the cause; it is tried again by itself.",
            key=f"payment-bug:{what}",
            urgent=True,
        )
        db.session.commit()
    return ""


def _close_event(event_id: str, outcome: str, tries: int) -> None:
    if outcome and outcome != "unknown":
        inbox.done(event_id, outcome)
    else:
        inbox.later(event_id, tries=tries)
        if tries + 1 >= inbox.TRIES_BEFORE_ALARM:
            raise_entry(
                "payment-event",
                subject=f"event:{event_id}",
                reason=f"A message from Stripe could not be matched after {tries + 1} tries.",
                what_to_do="Look the event up in Stripe; it may belong to another shop on the same account.",
                key=f"event:{event_id}",
            )
    db.session.commit()


def _finish_attempts() -> int:
    """Pages that are over: settled if they were paid, given up if not. The hold outlives the page by these minutes."""
    grace = timedelta(minutes=max(1, setting("checkout.hold_minutes") - setting("checkout.session_minutes")))
    late = attempts.unfinished(before=clock.now() - grace)
    waiting = [(attempt.id, attempt.order_number, attempt.session_id, attempt.made_at) for attempt in late]
    db.session.rollback()
    for attempt_id, number, session_id, made_at in waiting:
        outcome = _tried(partial(close, number, session_id), what=number)
        reached("after-closing")
        if outcome in ("", "slow", "waiting"):
            attempts.look_again(attempt_id, _next_look(made_at))
            db.session.commit()
    return len(waiting)


def _next_look(made_at: datetime) -> datetime:
    """A bank may take days: look after a twelfth of the time it has taken so far."""
    pause = min(LONGEST_PAUSE, max(timedelta(0), (clock.now() - made_at) / 12))
    return clock.now() + pause


def _lapse_orphans() -> int:
    """Open orders whose every attempt has ended without money, however that came about."""
    live = exists().where(PaymentAttempt.order_number == Order.number, PaymentAttempt.state.in_(attempts.LIVE))
    over = select(Order.number).where(Order.state == "open", Order.made_at < clock.now() - OVER, ~live)
    numbers = list(db.session.scalars(over.limit(100)))
    db.session.rollback()
    for number in numbers:
        placing.lapse(number)
        db.session.commit()
    return len(numbers)
