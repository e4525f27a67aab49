"""One bought series: what is left, a later last day, a pause, a larger package, a present, or the money back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, session, url_for
from flask_login import current_user
from wtforms import BooleanField, EmailField, HiddenField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange

from shop.account.pages import bp
from shop.account.seeing_one_series import shown_series
from shop.checkout.paying import open_page
from shop.checkout.preparing import Buyer
from shop.checkout.upgrading import get_offer, prepare_upgrade
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.forms import LineField, ShopForm, email_shaped
from shop.core.history import actor
from shop.core.settings import setting
from shop.core.templating import day
from shop.core.texts import current_versions
from shop.orders.passing_on import offer_sessions
from shop.payments.errors import PaymentProblem
from shop.wallet import periods
from shop.wallet.finding import get_credit
from shop.wallet.models import Credit


class GiveForm(ShopForm):
    name = LineField("Their name", [InputRequired("Who is it for?"), Length(max=120)])
    email = EmailField("Their e-mail", [InputRequired("Where can we reach them?"), Length(max=254), email_shaped])
    sessions = IntegerField("How many sessions", [InputRequired("How many?"), NumberRange(min=1, message="At least one.")])


class UpgradeForm(ShopForm):
    package = HiddenField()
    terms = BooleanField(
        "I have read the terms and how cancelling works, and I agree.",
        [InputRequired("Please read and accept the terms to go on.")],
    )


@bp.get("/credits/<code>")
def one_series(code: str) -> Any:
    return _page(_mine(code))


@bp.post("/credits/<code>/extend")
def extend_series(code: str) -> Any:
    credit = _mine(code)

    def extend() -> str:
        number, days = credit.extensions + 1, setting("wallet.extension_days")
        facts: dict[str, Any] = {
            "cause": f"extend:{code}:{number}",
            "by": f"client:{credit.client_id}",
            "reason": "asked for",
        }
        return f"The last day is now {day(periods.extend(credit.id, days=days, **facts), year=True)}."

    return _act(code, extend)


@bp.post("/credits/<code>/pause")
def pause_series(code: str) -> Any:
    """Nobody is asked why: an illness or a pregnancy is nothing that a ledger should know."""
    credit = _mine(code)

    def pause() -> str:
        periods.freeze(credit.id, cause=_once("pause", credit), by=actor(current_user), reason="asked for")
        return "Paused. The last day moves on by as many days as the pause lasts."

    return _act(code, pause)


@bp.post("/credits/<code>/resume")
def resume_series(code: str) -> Any:
    credit = _mine(code)

    def resume() -> str:
        if not periods.paused_by(credit.id).startswith("pause:"):
            raise Refused("We have paused these sessions. Please call us, and we look at it with you.")
        ends = periods.unfreeze(credit.id, cause=_once("resume", credit), by=actor(current_user))
        return f"Welcome back. The last day is now {day(ends, year=True)}."

    return _act(code, resume)


@bp.post("/credits/<code>/give")
def give_sessions(code: str) -> Any:
    credit, form = _mine(code), GiveForm()
    try:
        if not form.validate():
            return _page(credit, give=form), 422
        facts = {"name": form.name.data or "", "email": form.email.data or "", "giver": current_user.name}
        offer_sessions(credit, sessions=form.sessions.data or 0, **facts)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_mine(code), give=form), error.status
    db.session.commit()
    flash(f"We have written to {form.name.data}. Until they accept, the sessions stay yours.", "success")
    return redirect(url_for("account.one_series", code=code), 303)


@bp.post("/credits/<code>/upgrade")
def upgrade_series(code: str) -> Any:
    credit, form = _mine(code), UpgradeForm()
    try:
        if not form.validate():
            return _page(credit, upgrade=form), 422
        order, intent = prepare_upgrade(
            credit, get_offer(credit, form.package.data or ""), buyer(), mark=form.package.data or ""
        )
        number = order.number
        db.session.commit()
        if intent is None:
            return redirect(url_for("orders.show", number=number), 303)
        page = open_page(intent)
        db.session.commit()
    except (ShopError, PaymentProblem) as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_mine(code), upgrade=form), error.status
    session["paying"], session["page"] = number, page.id
    return redirect(page.url or url_for("account.one_series", code=code), 303)


def _mine(code: str) -> Credit:
    return get_credit(code, client_id=current_user.client_id)


def _act(code: str, act: Callable[[], str]) -> Any:
    try:
        sentence = act()
    except ShopError as error:
        db.session.rollback()
        flash(error.sentence, "error")
        return redirect(url_for("account.one_series", code=code), 303)
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("account.one_series", code=code), 303)


def _once(what: str, credit: Credit) -> str:
    return f"{what}:{credit.code}:{secrets.token_urlsafe(8)}"


def buyer() -> Buyer:
    """Whoever is signed in, as an order knows them."""
    consents = [{"kind": "consent-terms", "version": current_versions("consent-terms").get("consent-terms", 0)}]
    now = clock.now().isoformat()
    return Buyer(
        email=current_user.email,
        name=current_user.name or current_user.email,
        phone="",
        delivery="none",
        address={},
        country=setting("clinic.country"),
        for_someone=None,
        consents=[consent | {"at": now} for consent in consents],
        client_id=current_user.client_id,
    )


def _page(credit: Credit, *, give: GiveForm | None = None, upgrade: UpgradeForm | None = None) -> str:
    forms = {"give": give or GiveForm(formdata=None), "upgrade": upgrade or UpgradeForm(formdata=None)}
    currency = current_app.config["SHOP"].currency
    return render_template("account/one_series.html", one=shown_series(credit), currency=currency, **forms)
