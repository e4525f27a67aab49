"""What is left of what was paid for."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from shop.account.pages import bp
from shop.account.seeing_sessions import series_of


@bp.get("/credits")
def credits() -> Any:
    series = series_of(current_user.client_id)
    open_ones, over = [one for one in series if not one.is_over], [one for one in series if one.is_over]
    return render_template("account/credits.html", series=open_ones, over=over)
