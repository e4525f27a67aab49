"""A case that a person tells the desk: a reaction, a complaint, a parcel. It is opened once, however often the button is pressed."""

from __future__ import annotations

from itertools import chain
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.cases.forms import NewCaseForm
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.clients.finding import find_clients
from shop.admin.pages import bp
from shop.cases.models import REACTIONS
from shop.cases.opening import open_case
from shop.cases.pausing import pause_sessions
from shop.core.db import db
from shop.core.errors import NotFound, Refused, ShopError
from shop.core.handlers import fire
from shop.core.history import actor
from shop.orders.models import Order
from shop.visits.reporting import sessions_with_lots

MOST = 8


@bp.get("/cases/new")
@right_needed("cases")
def new_case() -> Any:
    return _page(NewCaseForm(formdata=None, data={"order": request.args.get("order", "")[:20]}))


@bp.post("/cases/new")
@right_needed("cases")
def write_case_down() -> Any:
    form = NewCaseForm()
    if not form.validate_on_submit():
        return _page(form), 422
    by = actor(current_user)
    try:
        client, order = _whom(form)
        is_reaction = form.kind.data in REACTIONS
        case = open_case(
            form.kind.data,
            client_id=client.id if client else None,
            order_number=order.number if order else None,
            words=form.words.data or "",
            facts=_known(client, form) if is_reaction else {},
            cause=cause_of("told"),
            by=by,
        )
        if is_reaction and client is not None and form.pauses.data:
            pause_sessions(case, by=by)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(form), error.status
    db.session.commit()
    flash("The case is open. The medical lead has been told." if is_reaction else "The case is open.", "success")
    may_open = not is_reaction or current_user.can("health")
    return redirect(url_for("admin.case", id=case.id) if may_open else url_for("admin.cases"), 303)


def _whom(form: NewCaseForm) -> tuple[Client | None, Order | None]:
    """By the order where there is one, else by the file that was chosen. Raises Refused, NotFound."""
    number = (form.order.data or "").strip().upper()
    order = db.session.scalars(select(Order).where(Order.number == number)).first() if number else None
    if number and order is None:
        raise NotFound("There is no order with this number.", field="order")
    wanted = request.form.get("client", "")
    client_id = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 16 else None
    if order is not None and client_id not in (None, order.client_id):
        raise Refused("This order belongs to somebody else.", field="order")
    client = db.session.get(Client, client_id or (order.client_id if order else 0) or 0)
    if client is None and form.kind.data in REACTIONS:
        raise Refused("A reaction belongs to a person: find the client, or name the order.", field="who")
    return client, order


def _known(client: Client | None, form: NewCaseForm) -> dict[str, Any]:
    """What a reaction needs beside the words: since when, which sessions and products with their lots."""
    if client is None:
        return {}
    since = form.since.data.isoformat() if form.since.data else ""
    products = list(chain.from_iterable(fire("client.products", client_id=client.id)))
    return {"since": since, "sessions": sessions_with_lots(client.id), "products": products}


def _page(form: NewCaseForm) -> str:
    who = (request.values.get("who") or "").strip()[:80]
    people = [client for client, _ in find_clients(who, limit=MOST, reader=current_user).rows] if who else []
    chosen = request.values.get("client", "")
    return render_template("admin/cases/new.html", form=form, who=who, people=people, chosen=chosen, cause=cause_kept())
