"""One plan: as its client sees it, what happened to it, its versions, its links, its thread."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.models import Client, User
from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_of, draw_cause
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.plans.reaching import reach_plan
from shop.admin.plans.typing_in import number_of
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.core.history import actor
from shop.plans.asking import answer, thread_of
from shop.plans.codes import shown_code
from shop.plans.comparing import differences
from shop.plans.events import events_of
from shop.plans.linking import links_of, revoke_links
from shop.plans.listing import STATES, state_words
from shop.plans.models import Plan
from shop.plans.protocols import keep_protocol
from shop.plans.reading import opened_plan, versions_of
from shop.plans.sending import send_again, send_plan, withdraw_plan
from shop.plans.showing import page_of
from shop.plans.writing import content_of

EVENT_WORDS = {
    "sent": "Sent",
    "seen": "Opened",
    "confirmed": "Said who they are",
    "added": "Put into the bag",
    "accepted": "Accepted",
    "declined": "Declined",
    "bought": "Bought",
    "reminded": "Reminded",
    "stopped": "Stopped the reminders",
    "reviewed": "Reviewed",
    "withdrawn": "Taken back",
}


@bp.get("/plans/<int:id>")
@right_needed("plans")
def plan(id: int) -> Any:
    return _page(reach_plan(id))


@bp.get("/plans/<int:id>/versions/<int:line_id>")
@right_needed("plans")
def plan_version(id: int, line_id: int) -> Any:
    """What one version changed of the one before."""
    plan = reach_plan(id)
    content = content_of(plan.id, line_id)
    if content is None:
        raise NotFound("There is no such version.")
    before = content_of(plan.id, line_id - 1) if line_id > 1 else None
    client = db.session.get_one(Client, plan.client_id)
    facts = {"content": content, "number": line_id, "changes": differences(before, content) if before else []}
    return render_template("admin/plans/version.html", plan=plan, client=client, **facts)


@bp.post("/plans/<int:id>/send")
@right_needed("plans")
def send_one(id: int) -> Any:
    seen = number_of(request.form.get("seen", ""), otherwise=0)
    return _do(id, lambda plan: send_plan(plan, by=actor(current_user), seen=seen), "Sent.")


@bp.post("/plans/<int:id>/send-again")
@right_needed("plans")
def send_link_again(id: int) -> Any:
    return _do(
        id, lambda plan: send_again(plan, by=actor(current_user), cause=cause_of("again")), "A new link is on its way."
    )


@bp.post("/plans/<int:id>/links/revoke")
@right_needed("plans")
def revoke_plan_links(id: int) -> Any:
    return _do(id, lambda plan: revoke_links(plan, by=actor(current_user)), "No link opens this plan any more.")


@bp.post("/plans/<int:id>/withdraw")
@right_needed("plans")
def take_plan_back(id: int) -> Any:
    return _do(
        id, lambda plan: withdraw_plan(plan, by=actor(current_user)), "Taken back. What it unlocked is closed again."
    )


@bp.post("/plans/<int:id>/answer")
@right_needed("plans")
def answer_plan_question(id: int) -> Any:
    words = request.form.get("words", "")
    return _do(id, lambda plan: answer(plan, words, by=actor(current_user), cause=cause_of("answer")), "Answered.")


@bp.post("/plans/<int:id>/protocol")
@right_needed("plans")
def keep_as_protocol(id: int) -> Any:
    def keep(plan: Plan) -> None:
        content = content_of(plan.id, plan.version)
        if content is None:
            raise NotFound("This plan is not here any more.")
        shared = request.form.get("shared") == "y"
        keep_protocol(
            request.form.get("name", ""), content, owner_id=current_user.id, is_shared=shared, by=actor(current_user)
        )

    return _do(id, keep, "Kept as a protocol: no name and no reason of this person is in it.")


def _do(id: int, act: Any, sentence: str) -> Any:
    try:
        act(reach_plan(id))
    except NotFound:
        raise
    except ShopError as refused:
        db.session.rollback()
        return _page(reach_plan(id), problem=refused.sentence, typed=request.form.get("words", "")), refused.status
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("admin.plan", id=id), 303)


def _page(plan: Plan, *, problem: str = "", typed: str = "") -> str:
    opened = opened_plan(plan, number=plan.version)
    events = events_of([plan.id]).get(plan.id, [])
    thread = thread_of(plan.id)
    versions = versions_of(plan.id)
    names = names_of([*(one.by for one in events), *(one.by for one in thread), *(one.by for one in versions)])
    client = db.session.get_one(Client, plan.client_id)
    return render_template(
        "admin/plans/plan.html",
        plan=plan,
        client=client,
        names=names | {f"client:{client.id}": client.name},
        consultant=db.session.get_one(User, plan.consultant_id),
        page=page_of(opened, is_whole=True) if opened else None,
        content=opened.content if opened else None,
        code=shown_code(plan.code),
        state=state_words(plan.state, {event.kind for event in events}),
        states=STATES,
        events=[(EVENT_WORDS[event.kind], event) for event in events],
        links=links_of(plan.id),
        versions=versions,
        thread=thread,
        cause=draw_cause(),
        problem=problem,
        typed=typed,
    )
