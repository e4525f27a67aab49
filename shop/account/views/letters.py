"""Which letters beyond the necessary ones somebody gets: two ticks on the page of details."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from shop.account.pages import bp
from shop.accounts.own_file import own_client
from shop.accounts.wanting import choices_of, choose
from shop.core.db import db
from shop.core.settings import setting

WORDS = {
    "reviews": ("reviews.on", "A question some days after an order: how is it?"),
    "reminders": ("reminders.bag", "One reminder when I leave something in my bag."),
}


def letters_of(client_id: int | None) -> list[tuple[str, str, bool]]:
    """(kind, words, wanted) of those that the clinic writes at all."""
    chosen = choices_of(client_id)
    return [(kind, words, chosen[kind]) for kind, (key, words) in WORDS.items() if setting(key)]


@bp.post("/letters")
def choose_letters() -> Any:
    client, by = own_client(current_user.id), f"user:{current_user.id}"
    for kind, _words, _wanted in letters_of(client.id):
        choose(client.id, kind, wants=kind in request.form, by=by)
    db.session.commit()
    flash("Kept. We write what you chose, and nothing else.", "success")
    return redirect(url_for("account.details"), 303)
