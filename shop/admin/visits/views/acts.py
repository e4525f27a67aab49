"""One tap each: arrived, treated, missed, called off, taken back, not suitable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.visits.people import get_person
from shop.admin.visits.views.days import visit_page
from shop.checkout.buyers import buyer_of
from shop.checkout.consultation_fee import take_fee
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.history import actor
from shop.visits.attending import arrive, no_show, treat
from shop.visits.cancelling import cancel, waive
from shop.visits.declining import not_suitable
from shop.visits.finding import any_visit
from shop.visits.models import Visit
from shop.visits.undoing import undo


@bp.post("/visits/<number>/arrived")
@right_needed("visits")
def visit_arrived(number: str) -> Any:
    return _act(number, lambda visit, by: arrive(visit, by=by), "Marked as here.")


@bp.post("/visits/<number>/treated")
@right_needed("visits")
def visit_treated(number: str) -> Any:
    extras = [int(text) for text in request.form.getlist("extra") if text.isascii() and text.isdecimal() and len(text) < 16]
    return _act(number, lambda visit, by: treat(visit, by=by, extras=extras), "Done. The session is used.")


@bp.post("/visits/<number>/missed")
@right_needed("visits")
def visit_missed(number: str) -> Any:
    return _act(number, lambda visit, by: no_show(visit, by=by), "Marked as missed.")


@bp.post("/visits/<number>/cancelled")
@right_needed("visits")
def visit_cancelled(number: str) -> Any:
    """`charge` follows the clinic's terms; otherwise the desk lets it pass."""
    charges = request.form.get("charge") == "y"
    return _act(number, lambda visit, by: cancel(visit, by=by, waived=not charges), "Cancelled. The client gets an e-mail.")


@bp.post("/visits/<number>/undone")
@right_needed("visits")
def visit_undone(number: str) -> Any:
    return _act(number, lambda visit, by: undo(visit, by=by), "Taken back.")


@bp.post("/visits/<number>/not-suitable")
@right_needed("health")
def visit_not_suitable(number: str) -> Any:
    """Moves money, so it asks for the tick that says so."""

    def decline(visit: Visit, by: str) -> None:
        if request.form.get("sure") != "y":
            raise Refused("Tick that everything shall be paid back, then press the button again.")
        not_suitable(visit, by=by)

    return _act(number, decline, "Everything goes back to the client, and the other appointments are off.")


@bp.post("/visits/<number>/fee")
@right_needed("visits")
def visit_fee(number: str) -> Any:
    """The fee of a consultation, or of calling off late, taken by hand in one piece."""
    tender, is_late = request.form.get("tender", ""), any_visit(number).still_owes

    def take(visit: Visit, by: str) -> None:
        take_fee(visit, buyer_of(get_person(visit.client_id)), tender, by=by)

    return _act(number, take, "Taken." if is_late else "Taken. The client gets a code that takes it off a series.")


@bp.post("/visits/<number>/waived")
@right_needed("visits")
def visit_fee_waived(number: str) -> Any:
    reason = request.form.get("reason", "")
    return _act(number, lambda visit, by: waive(visit, by=by, reason=reason), "Waived. Nothing is due any more.")


def _act(number: str, act: Callable[[Visit, str], Any], sentence: str) -> Any:
    try:
        act(any_visit(number), actor(current_user))
    except (Conflict, Refused) as error:
        return refused(number, error)
    db.session.commit()
    flash(sentence, "success")
    return redirect(f"/admin/visits/{number}", 303)


def refused(number: str, error: ShopError) -> Any:
    db.session.rollback()
    return visit_page(any_visit(number), problem=error.sentence), error.status
