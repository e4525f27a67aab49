"""A plan to take along: as a PDF, and as entries for a calendar."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, url_for

from shop.core.errors import NotFound
from shop.core.settings import setting
from shop.core.templating import day
from shop.plans.calendar import calendar_of
from shop.plans.codes import shown_code
from shop.plans.door import Door, door
from shop.plans.opening import Opened
from shop.plans.pages import bp
from shop.plans.person import person_of
from shop.plans.printing import pdf
from shop.plans.reading import opened_plan
from shop.plans.showing import page_of
from shop.plans.views.opening import consultant_of


@bp.get("/plan/pdf")
def paper() -> Any:
    """Somebody unknown takes along what they see: no reason, and nothing of the person."""
    try:
        opened = door()
    except NotFound:
        return redirect(url_for("plans.show"), 303)
    shop, plan = current_app.config["SHOP"], opened.plan
    body = pdf(
        page_of(_content(opened), is_whole=opened.is_sure),
        clinic=setting("clinic.name"),
        address=f"{shop.site_url.partition('://')[2]}/plan",
        code=shown_code(plan.code),
        by=consultant_of(plan)["name"],
        on=day(plan.sent_at or plan.made_at, year=True),
        currency=shop.currency,
    )
    return _file(body, "application/pdf", "plan.pdf")


@bp.get("/plan/calendar.ics")
def calendar() -> Any:
    try:
        opened = door()
    except NotFound:
        return redirect(url_for("plans.show"), 303)
    return _file(calendar_of(opened.plan, _content(opened)), "text/calendar", "plan.ics")


def _content(opened: Door) -> Opened:
    content = opened_plan(opened.plan, number=opened.plan.shown or 0, person=person_of(opened.client.id))
    if content is None:
        raise NotFound("This plan is not here any more.")
    return content


def _file(body: bytes, mimetype: str, name: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
