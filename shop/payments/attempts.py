"""One try to pay: written down before Stripe is asked, and found again whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.settings import setting
from shop.payments.answers import CheckoutSession
from shop.payments.asking import AttemptParams, DeliveryParams, LineParams, RecipientParams, session_params
from shop.payments.models import PaymentAttempt

LIVE = ("made", "open")
GIVEN_UP = ("expired", "failed")


@dataclass(frozen=True)
class Intent:
    """A stored attempt, ready to be asked of Stripe as often as it takes."""

    attempt_id: int
    order_number: str
    idempotency_key: str
    params: AttemptParams


def intend(asked: Callable[[datetime], AttemptParams], *, amount_minor: int, minutes: int | None = None) -> Intent:
    """Write the intent down; `asked` gets the moment at which the payment page will close. Raises StripeRefused."""
    now = clock.now()
    stays_open = timedelta(minutes=minutes or setting("checkout.session_minutes"))
    params = asked((now + stays_open).replace(microsecond=0))
    if params.total_minor != amount_minor:
        raise ValueError(f"{params.order_number}: Stripe would ask for {params.total_minor} instead of {amount_minor}")
    session_params(params)  # what Stripe would never take is refused before anything is kept
    attempt = PaymentAttempt(
        order_number=params.order_number,
        idempotency_key=key_of(params.attempt_id),
        amount_minor=amount_minor,
        currency=params.currency,
        asked=_stored(params),
        state="made",
        made_at=now,
        expires_at=params.expires_at,
    )
    db.session.add(attempt)
    db.session.flush()
    return Intent(attempt.id, params.order_number, attempt.idempotency_key, params)


def key_of(reference: str) -> str:
    """The idempotency key of an attempt, by the reference that travels with it through Stripe."""
    return f"checkout:{reference}"


def intent_of(attempt: PaymentAttempt) -> Intent:
    """What was intended, word for word."""
    return Intent(attempt.id, attempt.order_number, attempt.idempotency_key, _read(attempt.asked))


def remember(attempt_id: int, session: CheckoutSession) -> bool:
    """Keep Stripe's answer; False when the attempt was given up while Stripe was being asked."""
    values = {"attempt": attempt_id, "page": session.id, "address": session.url}
    return bool(changed(_REMEMBER, **values))


def pay(session: CheckoutSession, *, since: tuple[str, ...] = LIVE) -> bool:
    """This payment page brought exactly what its own attempt asked for; False when anything is different.

    Whatever the page calls itself has to be the attempt that was stored: mark, order, amount, currency, page.
    """
    key, money = (
        key_of(session.metadata.get("attempt", "")),
        {"amount": session.amount_total_minor, "money": session.currency},
    )
    return bool(changed(_paid(since), key=key, number=session.reference, page=session.id, **money))


def move(attempt_id: int, state: str, *, since: tuple[str, ...] = LIVE) -> bool:
    """Compare and swap; False when somebody else moved it."""
    row = update(PaymentAttempt).where(PaymentAttempt.id == attempt_id, PaymentAttempt.state.in_(since))
    return bool(changed(row.values(state=state)))


def look_again(attempt_id: int, at: datetime) -> None:
    """A slow bank has not decided yet: the sweeper asks again then, and others have their turn before."""
    row = update(PaymentAttempt).where(PaymentAttempt.id == attempt_id, PaymentAttempt.state.in_(LIVE))
    changed(row.values(expires_at=at))


def by_session(session_id: str) -> PaymentAttempt | None:
    return db.session.scalars(select(PaymentAttempt).where(PaymentAttempt.session_id == session_id)).first()


def by_reference(reference: str) -> PaymentAttempt | None:
    mine = select(PaymentAttempt).where(PaymentAttempt.idempotency_key == key_of(reference))
    return db.session.scalars(mine).first()


def newest_of(order_number: str) -> PaymentAttempt | None:
    mine = select(PaymentAttempt).where(PaymentAttempt.order_number == order_number)
    return db.session.scalars(mine.order_by(PaymentAttempt.id.desc()).limit(1)).first()


def unfinished(*, before: datetime, limit: int = 100) -> list[PaymentAttempt]:
    """Attempts whose time is over by `before` and that nobody has settled yet."""
    old = select(PaymentAttempt).where(PaymentAttempt.state.in_(LIVE), PaymentAttempt.expires_at <= before)
    return list(db.session.scalars(old.order_by(PaymentAttempt.expires_at, PaymentAttempt.id).limit(limit)))


_REMEMBER = (
    update(PaymentAttempt)
    .where(
        PaymentAttempt.id == bindparam("attempt"),
        PaymentAttempt.state.in_(LIVE),
        (PaymentAttempt.session_id == bindparam("page")) | PaymentAttempt.session_id.is_(None),
    )
    .values(state="open", session_id=bindparam("page"), session_url=bindparam("address"))
)


@lru_cache
def _paid(since: tuple[str, ...]) -> Update:
    """Made once for each set of states, as it is asked of every purchase."""
    return (
        update(PaymentAttempt)
        .where(
            PaymentAttempt.idempotency_key == bindparam("key"),
            PaymentAttempt.order_number == bindparam("number"),
            PaymentAttempt.amount_minor == bindparam("amount"),
            PaymentAttempt.currency == bindparam("money"),
            PaymentAttempt.state.in_(since),
            (PaymentAttempt.session_id == bindparam("page")) | PaymentAttempt.session_id.is_(None),
        )
        .values(state="paid", session_id=bindparam("page"))
    )


def _stored(params: AttemptParams) -> dict[str, Any]:
    return {**asdict(params), "expires_at": params.expires_at.isoformat()}


def _read(stored: dict[str, Any]) -> AttemptParams:
    facts = dict(stored)
    facts["lines"] = tuple(LineParams(**line) for line in stored["lines"])
    facts["delivery"] = DeliveryParams(**stored["delivery"]) if stored["delivery"] else None
    facts["recipient"] = RecipientParams(**stored["recipient"]) if stored["recipient"] else None
    facts["expires_at"] = datetime.fromisoformat(stored["expires_at"])
    return AttemptParams(**facts)
