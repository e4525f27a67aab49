"""The address under a letter that nobody needs: one button, and no more of them come."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, url_for

from shop.accounts.wanting import choices_of, choose, read_stop
from shop.core.db import db
from shop.storefront.pages import bp


@bp.get("/letters/<token>")
def letters(token: str) -> Any:
    g.private = True
    client_id, kind = read_stop(token)
    return render_template("storefront/letters.html", token=token, wanted=choices_of(client_id)[kind])


@bp.post("/letters/<token>")
def stop_letters(token: str) -> Any:
    g.private = True
    client_id, kind = read_stop(token)
    choose(client_id, kind, wants=False, by=f"client:{client_id}")
    db.session.commit()
    return redirect(url_for("storefront.letters", token=token), 303)
