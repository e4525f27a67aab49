"""The locked screen: back in with a PIN, on to a colleague, and what was typed too late is handed back."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts import browser, keeping_typed, pins, slowing
from shop.accounts.forms import PinForm
from shop.accounts.hashing import is_password
from shop.accounts.models import ROLES
from shop.accounts.pages import bp
from shop.accounts.rights import staff_needed
from shop.accounts.signing_in import lock
from shop.accounts.views.arriving import enter
from shop.core.db import db
from shop.core.errors import Refused, ShopError, TooMany
from shop.core.logs import note
from shop.core.web import SAFE_METHODS, site_path, wants_json

ARRIVED = frozenset({200, 302, 303, 409, 422})
KEPT_ID = re.compile(r"[0-9]{1,15}", re.ASCII)


@bp.get("/locked")
def locked_page() -> Any:
    target = site_path(request.args.get("next"), otherwise="/admin")
    if current_user.is_authenticated and request.args.get("switch") != "1":
        return redirect(target)
    found = pins.at_hand(browser.device_token())
    if not found and not current_user.is_locked:
        return redirect(url_for("accounts.sign_in_page", next=target))
    first = current_user.locked_id if current_user.is_locked else None
    return _page(PinForm(formdata=None, next=target, who=first), found)


@bp.post("/locked")
def unlock() -> Any:
    form, found = PinForm(), pins.at_hand(browser.device_token())
    if not form.validate():
        return _page(form, found), 422
    try:
        person = _who(form, found)
    except ShopError as refused:
        form.refuse(refused)
        if wants_json():
            return jsonify(error=refused.sentence), refused.status
        return _page(form, pins.at_hand(browser.device_token())), refused.status
    slowing.forgive_pin(person.device_id)
    target = site_path(form.next.data, otherwise="/admin")
    answer = enter(person.id, role=person.role, target=target, second_at=person.proved_at, way="pin")
    return jsonify(open=True) if wants_json() else answer


@bp.post("/lock")
@staff_needed(*ROLES)
def lock_screen() -> Any:
    """By the button, or by the page itself once nobody has touched it for a while."""
    lock(current_user.sign_in_id)
    db.session.commit()
    note("locked", user=current_user.id)
    if wants_json():
        return jsonify(locked=True)
    return redirect(url_for("accounts.locked_page", next=site_path(request.form.get("next"), otherwise="/admin")), 303)


@bp.get("/kept")
@staff_needed(*ROLES)
def kept_page() -> Any:
    found = keeping_typed.kept_of(current_user.id)
    return render_template("accounts/kept.html", found=found) if found else redirect("/admin")


@bp.post("/kept/<int:id>")
@staff_needed(*ROLES)
def drop_kept(id: int) -> Any:
    keeping_typed.drop(id, user_id=current_user.id)
    db.session.commit()
    return redirect(url_for("accounts.kept_page"), 303)


@bp.after_app_request
def _sent_again(response: Response) -> Response:
    """A kept form that has reached its page is kept no longer, whatever the page answered: it shows what was typed."""
    if request.method in SAFE_METHODS or request.blueprint != "admin" or response.status_code not in ARRIVED:
        return response
    number = request.form.get("kept", "")
    if current_user.is_staff and KEPT_ID.fullmatch(number):
        keeping_typed.drop_sent(int(number), user_id=current_user.id)
    return response


def _who(form: PinForm, found: list[pins.AtHand]) -> pins.AtHand:
    """Whose PIN was typed. Raises Refused, or TooMany once this device must be proved anew for them."""
    person = next((one for one in found if str(one.id) == form.who.data), None)
    if person is None:
        raise Refused("Choose your name, or sign in with your password.", field="who")
    try:
        slowing.slow_pin(person.device_id)
    except TooMany:
        pins.forget_proof(person.device_id)
        db.session.commit()
        note("pin stopped", user=person.id)
        raise
    if not is_password(form.pin.data or "", person.pin_hash):
        note("pin refused", user=person.id)
        raise Refused(pins.WRONG, field="pin")
    return person


def _page(form: PinForm, found: list[pins.AtHand]) -> str:
    form.who.choices = [(str(one.id), one.name) for one in found]
    has_kept = current_user.is_locked and keeping_typed.has_kept(current_user.locked_id)
    name = current_user.locked_name if current_user.is_locked else ""
    return render_template("accounts/locked.html", form=form, found=found, has_kept=has_kept, name=name)
