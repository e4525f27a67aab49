"""The builder: from a client and a protocol to a plan that is sent, by one page that keeps what was typed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of, draw_cause
from shop.admin.pages import bp
from shop.admin.paging import LARGEST
from shop.admin.plans.building import built, choices_for_page
from shop.admin.plans.reaching import reach_client, reach_plan
from shop.admin.plans.typing_in import Typed, new_line, number_of, typed_plan
from shop.core.db import db
from shop.core.errors import Conflict, NotFound, Refused, ShopError
from shop.core.history import actor
from shop.plans.checking import NotWritten, Problem
from shop.plans.lines import PRODUCT, Content
from shop.plans.models import Plan
from shop.plans.person import Person, person_of
from shop.plans.proposing import propose
from shop.plans.protocols import get_protocol, outline_of, protocols_for
from shop.plans.sending import send_plan
from shop.plans.shelf import items_of
from shop.plans.writing import content_of, write_plan, write_version

KEEPING = ("send", "draft")


@bp.get("/plans/new")
@right_needed("plans")
def new_plan() -> Any:
    """First the protocol, then everything filled in."""
    if "client" not in request.args:
        return redirect(url_for("admin.clients"), 303)
    client = reach_client(number_of(request.args.get("client", ""), otherwise=0))
    chosen = request.args.get("protocol", "")
    if not chosen:
        return render_template("admin/plans/choose.html", client=client, protocols=protocols_for(current_user.id))
    person = person_of(client.id)
    if chosen == "0":
        return _page(client, person, Typed(Content()), protocol="0")
    protocol = get_protocol(min(number_of(chosen, otherwise=0), LARGEST), user_id=current_user.id)
    proposal, _, _ = propose(outline_of(protocol), person)
    return _page(client, person, Typed(proposal.content), protocol=chosen, notes=proposal.notes)


@bp.post("/plans/new")
@right_needed("plans")
def write_new_plan() -> Any:
    client = reach_client(number_of(request.form.get("client", ""), otherwise=0))
    protocol = request.form.get("protocol", "0")
    return _act(client, protocol=protocol)


@bp.get("/plans/<int:id>/edit")
@right_needed("plans")
def edit_plan(id: int) -> Any:
    plan = reach_plan(id)
    content = content_of(plan.id, plan.version)
    if content is None or plan.state == "withdrawn":
        raise NotFound("This plan cannot be changed any more.")
    client = db.session.get_one(Client, plan.client_id)
    return _page(client, person_of(client.id), Typed(content), plan=plan)


@bp.post("/plans/<int:id>/edit")
@right_needed("plans")
def write_next_version(id: int) -> Any:
    plan = reach_plan(id)
    return _act(db.session.get_one(Client, plan.client_id), plan=plan)


def _act(client: Client, *, plan: Plan | None = None, protocol: str = "") -> Any:
    """Keep or send it; every other button only changes what stands on the page."""
    act, typed, person = request.form.get("act", "look"), typed_plan(), person_of(client.id)
    if act not in KEEPING:
        return _changed(client, person, typed, act, plan=plan, protocol=protocol)
    try:
        kept = _keep(client, person, typed, plan=plan, protocol=protocol)
        if act == "send":
            send_plan(kept, by=actor(current_user), seen=kept.version)
    except ShopError as refused:
        db.session.rollback()
        problems = refused.problems if isinstance(refused, NotWritten) else [Problem(refused.sentence, refused.field or "")]
        again = db.session.get_one(Client, client.id)
        plan = db.session.get(Plan, plan.id) if plan else None
        return _page(again, person, typed, plan=plan, protocol=protocol, problems=problems), refused.status
    plan_id, name = kept.id, client.name
    db.session.commit()
    flash(f"Sent to {name}." if act == "send" else "Kept as a draft.", "success")
    return redirect(url_for("admin.plan", id=plan_id), 303)


def _keep(client: Client, person: Person, typed: Typed, *, plan: Plan | None, protocol: str) -> Plan:
    by = actor(current_user)
    if plan is not None:
        seen = number_of(request.form.get("seen", ""), otherwise=0)
        if seen != plan.version:
            raise Conflict("Somebody has changed this plan meanwhile. Open it again.")
        if content_of(plan.id, plan.version) != typed.content:
            write_version(plan, person, typed.content, seen=seen, by=by)
        return plan
    chosen = number_of(protocol, otherwise=0)
    found = get_protocol(min(chosen, LARGEST), user_id=current_user.id).id if chosen else None
    facts = {"consultant_id": current_user.id, "by": by, "cause": cause_of("plan")}
    return write_plan(person, typed.content, protocol_id=found, **facts)


def _changed(client: Client, person: Person, typed: Typed, act: str, *, plan: Plan | None, protocol: str) -> Any:
    """Add a line, take one out, look for a product; nothing is kept yet."""
    problems: list[Problem] = []
    verb, _, what = act.partition(":")
    try:
        if verb == "add":
            typed.add(new_line(request.form.get("add", "")))
        elif verb == "take":
            item = items_of([what]).get(what)
            if item is None:
                raise Refused("This is not sold any more.", field="find")
            line = new_line(item.step or "")
            typed.add(type(line)(**{**line.__dict__, "kind": PRODUCT, "name": item.title, "sku": item.sku}))
        elif verb == "drop":
            typed.drop(number_of(what))
    except Refused as refused:
        problems = [Problem(refused.sentence, refused.field or "lines")]
    find = request.form.get("find", "")[:80] if verb == "find" else ""
    page = _page(client, person, typed, plan=plan, protocol=protocol, problems=problems, find=find)
    return page, 422 if problems else 200


def _page(
    client: Client,
    person: Person,
    typed: Typed,
    *,
    plan: Plan | None = None,
    protocol: str = "",
    notes: Any = (),
    problems: Any = (),
    find: str = "",
) -> str:
    return render_template(
        "admin/plans/build.html",
        client=client,
        person=person,
        form=built(typed, person, notes=notes, problems=problems, find=find),
        plan=plan,
        protocol=protocol,
        find=find,
        cause=cause_kept() if request.method == "POST" else draw_cause(),
        **choices_for_page(),
    )
