"""The queue of the plan desk: who asked through the pages, and what a sent plan asks for next."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.plans import requests
from shop.admin.plans.reaching import reach_plan
from shop.core.db import db
from shop.core.history import actor
from shop.intake.reading import log_reading
from shop.plans.events import happened
from shop.plans.following import queue


@bp.get("/plans/waiting")
@right_needed("plans")
def plans_waiting() -> Any:
    mine = request.args.get("mine") == "1"
    return render_template(
        "admin/plans/waiting.html",
        asked=requests.open_requests(),
        usual_hours=requests.usual_hours(),
        tasks=queue(consultant_id=current_user.id if mine else None, reader=current_user),
        mine=mine,
    )


@bp.get("/plans/requests/<int:id>")
@right_needed("plans")
def plan_request(id: int) -> Any:
    """What somebody told us is read here, and the reading is written down."""
    asked = requests.get_request(id)
    log_reading(by=actor(current_user), client_id=None, subject=f"request:{id}", why="asked")
    return render_template(
        "admin/plans/request.html", asked=asked, about=requests.about_of(asked), files=requests.known_files(asked)
    )


@bp.post("/plans/requests/<int:id>/answered")
@right_needed("plans")
def request_answered(id: int) -> Any:
    requests.answered(requests.get_request(id), by=actor(current_user))
    db.session.commit()
    flash("Answered.", "success")
    return redirect(url_for("admin.plans_waiting"), 303)


@bp.post("/plans/requests/<int:id>/file")
@right_needed("plans")
def open_file_for_request(id: int) -> Any:
    client_id = requests.file_for(requests.get_request(id)).id
    db.session.commit()
    return redirect(url_for("admin.new_plan", client=client_id), 303)


@bp.post("/plans/<int:id>/reviewed")
@right_needed("plans")
def plan_reviewed(id: int) -> Any:
    plan = reach_plan(id)
    happened(plan.id, "reviewed", key=request.form.get("cause", "")[:64], by=actor(current_user))
    db.session.commit()
    flash("Done.", "success")
    return redirect(url_for("admin.plans_waiting"), 303)
