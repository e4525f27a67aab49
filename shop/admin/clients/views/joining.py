"""Two files of one person become one, after somebody has looked at what would move."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.assigning import seen_by
from shop.accounts.claiming import held_by, join_files
from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.clients.finding import find_clients
from shop.admin.pages import bp
from shop.admin.paging import after_of
from shop.core.db import db, one_or_404
from shop.core.errors import ShopError
from shop.core.history import actor

SHOWN = 12
WORDS = {
    "orders": "orders",
    "credit": "series and extras",
    "visit": "appointments",
    "plan": "plans",
    "screening": "sets of answers",
    "client_facts": "allergies and the like",
    "cupboard_item": "things in the cupboard",
    "address": "addresses",
    "clinic_case": "cases",
    "treatment_record": "treatment records",
    "informed_consent": "signed consents",
    "patch_test": "trials on the skin",
    "unlock": "things unlocked",
    "diary_entry": "entries of the diary",
    "client_note": "notes",
}


@bp.get("/clients/<int:id>/join")
@right_needed("clients")
def join_clients(id: int) -> Any:
    return _page(_file(id))


@bp.post("/clients/<int:id>/join")
@right_needed("clients")
def join_two_clients(id: int) -> Any:
    """The other file goes into this one."""
    client, other = _file(id), _file(after_of(request.form, "with") or 0)
    try:
        join_files(other.id, client.id, by=actor(current_user))
    except ShopError as refused:
        db.session.rollback()
        return _page(_file(id), problem=refused.sentence), refused.status
    db.session.commit()
    flash("The two files are one now.", "success")
    return redirect(url_for("admin.client", id=id), 303)


def _page(client: Client, *, problem: str = "") -> str:
    chosen, q = after_of(request.values, "with"), request.values.get("q", client.name).strip()[:80]
    other = _file(chosen) if chosen is not None else None
    found = [one for one, _ in find_clients(q, limit=SHOWN, reader=current_user).rows if one.id != client.id] if q else []
    return render_template(
        "admin/clients/join.html",
        client=client,
        other=other,
        found=found,
        q=q,
        holds=_said(held_by(other.id)) if other else [],
        problem=problem,
    )


def _said(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Named where people have a word for it; the rest in one line."""
    named = [(WORDS[name], n) for name, n in counts.items() if name in WORDS]
    rest = sum(n for name, n in counts.items() if name not in WORDS)
    return named + ([("other entries", rest)] if rest else [])


def _file(client_id: int) -> Client:
    wanted = select(Client).where(Client.id == min(client_id, 2**53), Client.erased_at.is_(None))
    return one_or_404(wanted.where(seen_by(current_user, Client.id)), "There is no such client.")
