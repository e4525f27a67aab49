"""Every plan, the newest first."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.plans.listing import STATES, find_plans


@bp.get("/plans")
@right_needed("plans")
def plans() -> Any:
    chosen = request.args.get("state", "")
    whose = current_user.id if request.args.get("mine") == "1" else None
    known = chosen if chosen in STATES else ""
    page = find_plans(state=known, consultant_id=whose, after=after_of(request.args), reader=current_user)
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template(
        "admin/plans/list.html", rows=page.rows, states=STATES, chosen=chosen, mine=whose is not None, **paths
    )
