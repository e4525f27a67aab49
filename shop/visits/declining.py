"""“Not suitable” at the included consultation is one act: all visits of these sessions are off and everything is paid back."""

from __future__ import annotations

from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.handlers import fire
from shop.visits import telling
from shop.visits.booking import cause_of
from shop.visits.changing import change, check_state
from shop.visits.models import Visit
from shop.visits.releasing import release_visits
from shop.wallet import moving
from shop.wallet.models import Credit

EVENT = "visit.not_suitable"


def can_decline(visit: Visit, credit: Credit | None) -> bool:
    """Until the first treatment: afterwards cancelling has its own terms."""
    return visit.state in ("booked", "arrived") and credit is not None and credit.used == 0


def not_suitable(visit: Visit, *, by: str) -> None:
    """The consultation counts as held, no session is used, whoever hears the event pays back; nobody hears: a person does.

    Raises Refused once a session has been used.
    """
    visit = check_state(visit, "booked", "arrived")
    credit = db.session.get(Credit, visit.credit_id) if visit.credit_id else None
    if credit is None or not can_decline(visit, credit):
        raise Refused("A session was used already. Cancel the rest as the client's order allows.")
    number = credit.order_number
    change(visit, "done", by=by, note="not suitable", session="free", kind="consultation", done_at=clock.now())
    facts = {"order_number": number, "credit_id": credit.id, "visit_number": visit.number, "by": by}
    heard = fire(EVENT, **facts) if number else []  # before any credit is locked: who pays back locks the order first
    release_visits([credit.id], by=by, tells=False)
    if moving.balance_of(credit.id).booked:
        moving.release(credit.id, cause=cause_of(visit, "not-suitable"), by=by)
    if number and not any(heard):
        _ask_a_person(visit, number)
    telling.not_suitable(visit, is_paid=bool(number))


def _ask_a_person(visit: Visit, number: str) -> None:
    raise_entry(
        "refund",
        subject=f"order:{number}",
        reason="The treatment turned out not to suit the client: everything paid for these sessions goes back.",
        what_to_do="Open the order and pay the sessions back in full, then close this entry.",
        key=f"visit:{visit.number}:not-suitable",
        urgent=True,
    )
