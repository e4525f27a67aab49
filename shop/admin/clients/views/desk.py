"""The client desk: find, see what was bought and what is left, put a name or number right."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from wtforms.validators import DataRequired, Length, Optional, Regexp

from shop.accounts.assigning import assign, consultants, consultants_of, seen_by, unassign
from shop.accounts.models import Client, User
from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.clients.finding import find_clients
from shop.admin.clients.knowing import Known, known_of
from shop.admin.clients.timeline import timeline
from shop.admin.orders.words import fulfilment_word, payment_word
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.core.db import db, one_or_404
from shop.core.errors import ShopError
from shop.core.forms import LineField, ShopForm
from shop.core.history import actor, record
from shop.core.settings import setting
from shop.intake.notes import write_note
from shop.intake.reading import log_reading
from shop.orders.finding import Wanted, find_orders
from shop.plans.listing import find_plans
from shop.wallet.models import Credit

LARGEST_ID = 2**53
PHONE = "Figures, spaces and a plus, please."


class ClientForm(ShopForm):
    name = LineField("Name", [DataRequired("What is their name?"), Length(max=120)])
    phone = LineField("Telephone", [Optional(), Length(max=40), Regexp(r"[+0-9 ()./-]+\Z", message=PHONE)])


@bp.get("/clients")
@right_needed("clients")
def clients() -> Any:
    q = request.args.get("q", "").strip()[:80]
    page = find_clients(q, after=after_of(request.args), reader=current_user)
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template("admin/clients/list.html", rows=page.rows, q=q, **paths)


@bp.get("/clients/<int:id>")
@right_needed("clients")
def client(id: int) -> Any:
    return _page(_get(id))


@bp.post("/clients/<int:id>")
@right_needed("clients")
def change_client(id: int) -> Any:
    client, form = _get(id), ClientForm()
    if not form.validate_on_submit():
        return _page(client, form), 422
    given = {"name": form.name.data or "", "phone": form.phone.data or ""}
    moved = sorted(name for name, value in given.items() if getattr(client, name) != value)
    for name in moved:
        setattr(client, name, given[name])
    if moved:  # which facts, not what they say: the trail outlives an erasure
        record(f"client:{client.id}", axis="details", was=None, now=", ".join(moved), by=actor(current_user))
    db.session.commit()
    flash("Saved.", "success")
    return redirect(url_for("admin.client", id=id), 303)


@bp.post("/clients/<int:id>/consultants")
@right_needed("clients")
def assign_client(id: int) -> Any:
    """Who looks after this client; a consultant may hand over what is hers."""
    client, by = _get(id), actor(current_user)
    chosen, ended = (after_of(request.form, name) for name in ("consultant", "end"))
    try:
        if ended is not None:
            unassign(client.id, ended, by=by)
        else:
            assign(client.id, chosen or 0, by=by)
    except ShopError as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _page(_get(id)), refused.status
    db.session.commit()
    flash("Saved.", "success")
    return redirect(url_for("admin.client", id=id), 303)


def _get(client_id: int) -> Client:
    wanted = select(Client).where(Client.id == min(client_id, LARGEST_ID), Client.erased_at.is_(None))
    return one_or_404(wanted.where(seen_by(current_user, Client.id)), "There is no such client.")


@bp.post("/clients/<int:id>/notes")
@right_needed("health")
def note_client(id: int) -> Any:
    client = _get(id)
    try:
        write_note(client.id, request.form.get("words", ""), by=actor(current_user), cause=cause_of("client"))
    except ShopError as refused:
        db.session.rollback()
        return _page(_get(id), problem=refused.sentence), refused.status
    db.session.commit()
    flash("Written down.", "success")
    return redirect(url_for("admin.client", id=id) + "#notes", 303)


def _known(client_id: int) -> Known | None:
    """For those who treat, once the reading is written down."""
    if not current_user.can("health"):
        return None
    if request.method != "GET":
        db.session.rollback()  # the log writes apart, and must not wait for this session
    log_reading(by=actor(current_user), client_id=client_id, subject=f"client:{client_id}", why="advice")
    return known_of(client_id)


def _page(client: Client, form: ClientForm | None = None, *, problem: str = "") -> str:
    known, client = _known(client.id), _get(client.id)
    found = find_orders(Wanted(client_id=client.id), limit=100) if current_user.can("orders") else None
    orders = [(order, _goods(order), _money(order)) for order in found.orders] if found else []
    mine = select(Credit).where(Credit.client_id == client.id).order_by(Credit.expires_on.desc(), Credit.id.desc())
    user = db.session.get(User, client.user_id) if client.user_id else None
    guests = select(func.count(Client.id)).where(func.lower(Client.email) == client.email.lower(), Client.id != client.id)
    plans = find_plans(client_id=client.id).rows if current_user.can("plans") else None
    return render_template(
        "admin/clients/client.html",
        client=client,
        user=user,
        orders=orders,
        plans=plans,
        known=known,
        problem=problem,
        typed=request.form.get("words", "")[:4000],
        cause=cause_kept(),
        moments=timeline(client.id, current_user, plans),
        own_only=setting("clients.own_only"),
        assigned=consultants_of(client.id),
        consultants=consultants(),
        credits=list(db.session.scalars(mine)),
        names_sessions=current_user.can("visits"),
        others=int(db.session.scalar(guests.where(Client.erased_at.is_(None))) or 0),
        form=form or ClientForm(formdata=None, obj=client),
    )


def _goods(order: Any) -> tuple[str, str]:
    return fulfilment_word(state=order.state, fulfilment=order.fulfilment, delivery=order.delivery, is_ready=order.is_ready)


def _money(order: Any) -> tuple[str, str]:
    sums = {"total_minor": order.total_minor, "captured_minor": order.captured_minor, "back_minor": order.back_minor}
    return payment_word(state=order.state, **sums)
