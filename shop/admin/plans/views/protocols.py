"""The protocols that consultants begin from."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.core.db import db
from shop.core.history import actor
from shop.plans.protocols import archive_protocol, get_protocol, protocols_for


@bp.get("/plans/protocols")
@right_needed("plans")
def protocols() -> Any:
    found = protocols_for(current_user.id)
    names = names_of(f"user:{one.owner_id}" for one in found if one.owner_id)
    return render_template("admin/plans/protocols.html", rows=found, names=names)


@bp.post("/plans/protocols/<int:id>/archive")
@right_needed("plans")
def archive_one_protocol(id: int) -> Any:
    archive_protocol(get_protocol(id, user_id=current_user.id), by=actor(current_user))
    db.session.commit()
    flash("Put away. Plans that began from it stay as they are.", "success")
    return redirect(url_for("admin.protocols"), 303)
