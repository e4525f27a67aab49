"""The way back from Stripe: whoever paid sees the order, whoever still waits is told for what."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user

from shop.bag.browser import forget_bag
from shop.checkout.settling import settle
from shop.checkout.views import bp
from shop.core.db import db, writes
from shop.core.errors import NotFound
from shop.orders import placing
from shop.orders.access import is_let_in, let_in
from shop.payments import attempts
from shop.payments.errors import PaymentProblem

PENDING = {
    "waiting": ("Waiting for the bank", "Your bank has not answered yet. This usually takes a few seconds."),
    "slow": ("Your bank takes a few days", "We keep everything for you and write as soon as the payment is in."),
    "placed": ("Thank you", "The payment has arrived and the receipt is on its way."),
    "refunded": ("Your money goes back", "This payment could not be used and goes back to you in full."),
    "odd": (
        "We look at this by hand",
        "Something about this payment does not fit. We write to you today; nothing is lost.",
    ),
}


@bp.get("/checkout/return")
@writes
def come_back() -> Any:
    session_id = request.args.get("session_id", "")
    number = session.get("paying") if session.get("page") == session_id else None
    mine = number is not None
    if number is None:
        attempt = attempts.by_session(session_id) if session_id else None
        if attempt is None:
            raise NotFound("We do not know this payment. If you paid, your receipt comes by e-mail.")
        number, mine = attempt.order_number, is_let_in(attempt.order_number)
        db.session.rollback()
    try:
        outcome = settle(session_id)
    except PaymentProblem:
        db.session.rollback()
        outcome = "waiting"  # the worker asks again by itself
    if outcome in ("placed", "again"):
        return thank(number, mine=mine)
    if outcome == "lapsed":
        return redirect(url_for("bag.show"), 303)
    return _pending(session_id, outcome, number=number if mine else ""), 202


def thank(number: str, *, mine: bool) -> Any:
    """Who began this payment sees the order; anybody else who has the address learns that it is fine, no more."""
    if not mine:
        return _pending("", "placed")
    if current_user.is_authenticated:  # a guest's next bag is another one; this one the worker empties
        placing.empty_bag_of(number)
        db.session.commit()
    session.pop("paying", None)
    session.pop("page", None)
    forget_bag()
    let_in(number)
    session["thanks"] = number
    return redirect(url_for("orders.show", number=number), 303)


def _pending(session_id: str, outcome: str, *, number: str = "") -> str:
    """`number` is given when the person who looks is the one who pays."""
    title, sentence = PENDING.get(outcome, PENDING["odd"])
    order = placing.find(number) if number else None
    waits = outcome in ("waiting", "slow")
    path = url_for("checkout.come_back", session_id=session_id) if waits else ""
    facts = {"look_again_path": path, "title": title, "sentence": sentence}
    return render_template("checkout/pending.html", **facts, email=order.email if order else "your address")
