"""How the desk works on one series: where it lies, the look before, and both buttons."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.wallet.models import Credit, CreditMove
from tests.support.forms import forms


def path_of(credit, act=""):
    return f"/admin/clients/{credit.client_id}/sessions/{credit.code}{'/' + act if act else ''}"


def look(browser, path, **typed):
    """The first button: what it would change."""
    [form] = [form for form in forms(browser.get(path).text, here=path) if "seen" in form.names]
    return browser.post(path, data=form.fields | {"reason": "asked by telephone"} | typed)


def press(browser, path, **typed):
    """Both buttons, one after the other."""
    shown = look(browser, path, **typed)
    assert shown.status_code == 200, shown.text
    [form] = [form for form in forms(shown.text, here=path) if "seen" in form.names]
    return browser.post(path, data=form.fields)


def moves_of(credit):
    db.session.expire_all()
    return list(db.session.scalars(select(CreditMove).where(CreditMove.credit_id == credit.id).order_by(CreditMove.id)))


def new_one(old):
    return db.session.scalars(select(Credit).where(Credit.id > old.id, Credit.kind == "sessions")).one()
