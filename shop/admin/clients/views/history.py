"""The whole story of one client on one page."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.clients.history import history_of_client
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.core.db import one_or_404

ABOUT = {"": "Everything", "order": "Orders", "money": "Money", "visit": "Visits", "sessions": "Sessions", "case": "Cases"}


@bp.get("/clients/<int:id>/history")
@right_needed("clients")
def client_history(id: int) -> Any:
    wanted = select(Client).where(Client.id == id, Client.erased_at.is_(None))
    client = one_or_404(wanted, "There is no such client.")
    rights = {"reads_health": "health", "sees_orders": "orders", "sees_visits": "visits"}
    moments = history_of_client(client, **{name: current_user.can(right) for name, right in rights.items()})
    about = request.args.get("about", "") if request.args.get("about") in ABOUT else ""
    shown = [moment for moment in moments if about in ("", moment.about)]
    names = names_of(moment.by for moment in shown)
    return render_template(
        "admin/clients/history.html", client=client, moments=shown, about=about, words=ABOUT, names=names
    )
