"""One's own data: take it along, or have it erased."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template
from flask_login import current_user

from shop.account.erasing import erase, what_is_open
from shop.account.exporting import own_data
from shop.account.exporting_pictures import own_pictures
from shop.account.forms import EraseForm
from shop.account.pages import bp
from shop.account.telling import health_of
from shop.accounts import browser
from shop.accounts.models import User
from shop.accounts.proving import check_current
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.logs import note


@bp.get("/privacy")
def privacy() -> Any:
    return _page(EraseForm(formdata=None))


@bp.get("/privacy/export")
def export() -> Any:
    data = own_data(current_user.id, client_id=current_user.client_id)
    note("own data exported", user=current_user.id)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return Response(
        text, mimetype="application/json", headers={"Content-Disposition": 'attachment; filename="my-data.json"'}
    )


@bp.get("/privacy/pictures")
def export_pictures() -> Any:
    note("own pictures exported", user=current_user.id)
    headers = {"Content-Disposition": 'attachment; filename="my-pictures.zip"'}
    return Response(own_pictures(current_user.client_id), mimetype="application/zip", headers=headers)


@bp.post("/privacy/erase")
def erase_me() -> Any:
    form = EraseForm()
    if not form.validate():
        return _page(form), 422
    try:
        check_current(current_user.email, form.current.data or "", address=browser.address())
        user = db.session.get_one(User, current_user.id)
        erase(user, client_id=current_user.client_id, by=f"user:{user.id}")
    except (Refused, TooMany) as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(form), refused.status
    db.session.commit()
    note("account erased", user=current_user.id)
    browser.forget()
    flash("Your account is erased. Invoices are kept as long as tax law asks, apart from everything else.")
    return redirect("/", code=303)


def _page(form: EraseForm) -> str:
    facts = {"reasons": what_is_open(current_user.client_id), "health": health_of(current_user.client_id)}
    return render_template("account/privacy.html", form=form, **facts)
