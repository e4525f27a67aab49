"""The e-mails of an order, and the evidence file for a bank that asks about it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.orders.evidence import evidence
from shop.admin.orders.showing import get_order, sheet
from shop.admin.orders.views.desk import refused
from shop.admin.pages import bp
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.intake.reading import log_reading
from shop.orders.messages import messages_of, send_again

LARGEST_ID = 2**53


@bp.get("/orders/<number>/messages")
@right_needed("orders")
def order_messages(number: str) -> Any:
    order = get_order(number)
    words = {"order": order, "mails": messages_of(order), "cause": cause_kept()}
    return render_template("admin/orders/messages.html", **words)


@bp.post("/orders/<number>/messages/<int:id>/again")
@right_needed("orders")
def message_again(number: str, id: int) -> Any:
    try:
        to = send_again(get_order(number), min(id, LARGEST_ID), cause=cause_of(f"mail:{id}"), by=actor(current_user))
    except ShopError as error:
        return refused(number, error)
    db.session.commit()
    flash(f"On its way to {to} once more.", "success")
    return redirect(url_for("admin.order_messages", number=number), 303)


@bp.get("/orders/<number>/evidence.pdf")
@right_needed("orders")
def order_evidence(number: str) -> Any:
    """With the health parts for those who may read them; that reading leaves its row first."""
    order = get_order(number)
    reads_health = bool(current_user.can("health"))
    if reads_health:
        client_id = order.client_id
        log_reading(by=actor(current_user), client_id=client_id, subject=f"order:{number}", why="case")
        order = get_order(number)
    names_sessions = bool(current_user.can("visits"))
    found = evidence(sheet(order, names_sessions=names_sessions), names_sessions=names_sessions, reads_health=reads_health)
    from shop.admin.orders.evidence_paper import pdf

    headers = {"Content-Disposition": f'attachment; filename="{order.number}-evidence.pdf"'}
    return Response(pdf(order.number, found), mimetype="application/pdf", headers=headers)
