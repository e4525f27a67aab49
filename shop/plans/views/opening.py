"""Opening a plan: by its link, by the code of the printed sheet, or signed in. Looking at it changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, session, url_for
from sqlalchemy import select

from shop.accounts.models import User
from shop.catalog.models import TeamMember
from shop.core import limits
from shop.core.db import db, writes
from shop.core.errors import NotFound, ShopError
from shop.plans import door as doors
from shop.plans.answering import REASONS
from shop.plans.asking import thread_of
from shop.plans.codes import shown_code
from shop.plans.confirming import has_asked, masked
from shop.plans.door import Door, door
from shop.plans.earning import is_paid
from shop.plans.linking import newest_link, plan_by_code
from shop.plans.models import Plan
from shop.plans.pages import bp
from shop.plans.person import person_of
from shop.plans.reading import opened_plan
from shop.plans.showing import page_of
from shop.plans.views.reading import draw_cause
from shop.visits.models import Practitioner

MISSES, CODES, PER = 20, 10, timedelta(hours=1)
WAIT = "Too many links were tried from here. Please wait an hour, or call the clinic."


@bp.get("/plan/<token>")
@writes
def enter(token: str) -> Any:
    """The token goes into the cookie, and out of the address. Only misses are counted: a forwarded link opens each time."""
    try:
        doors.enter(token)
    except NotFound:
        db.session.rollback()  # the counter writes apart, and this session holds the lock it needs
        limits.hit("plan-link", request.remote_addr or "", allowed=MISSES, per=PER, sentence=WAIT)
        raise
    return redirect(url_for("plans.show"), 303)


@bp.get("/plan")
def show() -> Any:
    if not doors.has_door():
        return render_template("plans/code.html", problem="", typed="")
    try:
        opened = door()
    except NotFound:
        had_one = session.get(doors.LINK) is not None
        return render_template("plans/code.html", problem="", typed=""), 404 if had_one else 200
    return page(opened)


@bp.post("/plan")
def type_code() -> Any:
    """The code of the sheet is short, so that trying is limited before anything is looked up."""
    where = request.remote_addr or ""
    limits.hit("plan-code-typed", where, allowed=CODES, per=PER, sentence=WAIT)
    typed = request.form.get("code", "")[:40]
    try:
        doors.step_in(newest_link(plan_by_code(typed).id))
    except ShopError as refused:
        db.session.rollback()
        return render_template("plans/code.html", problem=refused.sentence, typed=typed), refused.status
    return redirect(url_for("plans.show"), 303)


@bp.get("/plan/print")
def sheet() -> Any:
    """For people who do not like links: everything on paper, with the short code."""
    try:
        opened = door()
    except NotFound:
        return redirect(url_for("plans.show"), 303)
    content = opened_plan(opened.plan, number=opened.plan.shown or 0, person=person_of(opened.client.id))
    if content is None:
        raise NotFound("This plan is not here any more.")
    facts = {"page": page_of(content, is_whole=opened.is_sure), "code": shown_code(opened.plan.code)}
    return render_template("plans/print.html", plan=opened.plan, consultant=consultant_of(opened.plan), **facts)


def page(opened: Door, *, problem: str = "", typed: str = "", which: str = "") -> str:
    """`which` names the form that was refused."""
    content = opened_plan(opened.plan, number=opened.plan.shown or 0, person=person_of(opened.client.id))
    if content is None:
        raise NotFound("This plan is not here any more.")
    return render_template(
        "plans/plan.html",
        plan=opened.plan,
        page=page_of(content, is_whole=opened.is_sure),
        is_sure=opened.is_sure,
        name=opened.client.name if opened.is_sure else "",
        consultant=consultant_of(opened.plan),
        thread=thread_of(opened.plan.id) if opened.is_sure else [],
        mailbox=masked(opened.client.email),
        has_asked=has_asked(),
        reasons=REASONS,
        earns=is_paid(),
        cause=draw_cause(),
        problem=problem,
        typed=typed,
        which=which,
        can_sign_in="sign_in" not in session,
    )


def consultant_of(plan: Plan) -> dict[str, Any]:
    """Name, role and face as the team's page shows them; the name alone of somebody who is not on it."""
    user = db.session.get_one(User, plan.consultant_id)
    mine = select(TeamMember).join(Practitioner, Practitioner.member_id == TeamMember.id)
    member = db.session.scalars(mine.where(Practitioner.user_id == user.id)).first()
    if member is None:
        return {"name": user.name, "role": "Consultant", "slug": "", "image": "", "portrait": None}
    plain = {"skin": "", "hair": "bob", "hair_colour": "", "top": "", "glasses": False, "beard": False}
    return {"name": user.name, "role": member.role, "slug": member.slug, "image": "", "portrait": plain | member.portrait}
