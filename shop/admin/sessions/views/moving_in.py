"""A client arrives with sessions that were paid elsewhere, or before this shop: they come in with what they were worth."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.choosing import choices
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.sessions.forms import MoveInForm
from shop.admin.sessions.showing import get_client
from shop.catalog.models import Package, Treatment
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.core.money import money, vat_inside
from shop.core.settings import charges_vat, setting
from shop.wallet.models import Credit
from shop.wallet.moving_in import bring_in


@bp.get("/clients/<int:id>/sessions/new")
@right_needed("refunds")
def new_sessions(id: int) -> Any:
    percent = setting("vat.percent") if charges_vat() else "0"
    return _page(id, MoveInForm(formdata=None, data={"vat_percent": percent}))


@bp.post("/clients/<int:id>/sessions/new")
@right_needed("refunds")
def bring_in_sessions(id: int) -> Any:
    client, form = get_client(id), MoveInForm()
    form.package.choices = _packages()
    if not form.validate():
        return _page(id, form), 422
    try:
        mark = _mark(form)
        if form.seen.data != mark:
            _refuse_nonsense(form)
            return _page(id, form, said=_said(form))
        credit = _bring(client.id, form, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(id, form), error.status
    code = credit.code
    db.session.commit()
    flash("The sessions are in the wallet.", "success")
    return redirect(url_for("admin.series", id=id, code=code), 303)


def _bring(client_id: int, form: Any, *, by: str) -> Credit:
    _refuse_nonsense(form)
    package = one_or_404(select(Package).where(Package.slug == form.package.data), "This package is not here.")
    return bring_in(
        client_id,
        name=package.name,
        statement_name=package.statement_name,
        sessions=form.sessions.data,
        left=form.left.data,
        each_minor=form.each.minor,
        vat_percent=form.vat_percent.data,
        currency=current_app.config["SHOP"].currency,
        bought_on=form.bought_on.data,
        expires_on=form.expires_on.data,
        cause=cause_of("bring-in"),
        by=by,
        package_id=package.id,
        treatment_id=package.treatment_id,
        area=package.area,
        gaps=list(package.gaps),
        reason=form.reason.data,
    )


def _refuse_nonsense(form: Any) -> None:
    if form.left.data > form.sessions.data:
        raise Refused("No more can be left than there were.", field="left")
    if form.bought_on.data > clock.today():
        raise Refused("It cannot have been bought in the future.", field="bought_on")
    if form.expires_on.data < clock.today():
        raise Refused("They could not be used any more: choose a later day.", field="expires_on")


def _said(form: Any) -> list[str]:
    total = form.each.minor * form.left.data
    vat = vat_inside(total, form.vat_percent.data) if total else 0
    currency = current_app.config["SHOP"].currency
    return [
        f"{form.left.data} of {form.sessions.data} sessions come in, worth {money(total, currency)}, VAT included.",
        f"The month's report of sessions owed grows by {money(total - vat, currency)} net under “brought along”.",
        "A refund of them is paid by hand, since no payment here paid for them.",
    ]


def _mark(form: Any) -> str:
    names = ("package", "sessions", "left", "each", "vat_percent", "bought_on", "expires_on")
    return "|".join(str(form[name].data) for name in names)[:200]


def _packages() -> list[Any]:
    rows = select(Package.slug, Package.name, Treatment.name).join(Treatment, Treatment.id == Package.treatment_id)
    live = rows.where(Package.state == "live").order_by(Treatment.name, Package.sessions)
    return choices({"": "Choose"} | {slug: f"{of}, {name}" for slug, name, of in db.session.execute(live)})


def _page(client_id: int, form: Any, *, said: list[str] | None = None) -> str:
    client = get_client(client_id)
    form.package.choices = _packages()
    form.seen.data = _mark(form) if said else ""
    return render_template("admin/sessions/new.html", client=client, form=form, said=said or [], cause=cause_kept())
