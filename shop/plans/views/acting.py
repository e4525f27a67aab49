"""What a reader of a plan can do: put it into the bag, say yes or no, ask, stop the reminders. Each button also says "seen"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for

from shop.bag import filling
from shop.bag.browser import bag_owner_for_writing, remember_count
from shop.core.db import db
from shop.core.errors import Forbidden, NotFound, Refused, ShopError
from shop.plans.answering import accept, decline, mark_seen, stop_reminders
from shop.plans.asking import ask
from shop.plans.buying import put_in_bag
from shop.plans.door import Door, door
from shop.plans.pages import bp
from shop.plans.person import person_of
from shop.plans.reading import opened_plan
from shop.plans.views.opening import page
from shop.plans.views.reading import cause_of, places

KNOWN_FIRST = "Confirm first that it is you; then your answer reaches your consultant."


@bp.post("/plan/seen")
def seen() -> Any:
    """The page says so when somebody really looks at it."""
    opened = door()
    mark_seen(opened.plan, by=opened.by)
    db.session.commit()
    return "", 204


@bp.post("/plan/bag")
def put_plan_in_bag() -> Any:
    def put(opened: Door) -> None:
        content = opened_plan(opened.plan, number=opened.plan.shown or 0, person=person_of(opened.client.id))
        if content is None:
            raise NotFound("This plan is not here any more.")
        owner = bag_owner_for_writing()
        which = request.form.get("which", "chosen")
        put_in_bag(opened.plan, content, owner, which=which, chosen=places(), by=opened.by)
        remember_count(filling.count(owner))

    return _do(put, "It is in your bag.", to="bag.show", which="bag")


@bp.post("/plan/accept")
def accept_plan() -> Any:
    return _do(lambda opened: accept(_sure(opened).plan, by=opened.by), "Thank you. Your consultant sees that you agree.")


@bp.post("/plan/decline")
def decline_plan() -> Any:
    reason = request.form.get("reason", "")
    said = "Thank you for saying so. Nothing more comes about this plan."
    return _do(lambda opened: decline(_sure(opened).plan, reason, by=opened.by), said, which="decline")


@bp.post("/plan/question")
def ask_about_plan() -> Any:
    words = request.form.get("words", "")
    return _do(
        lambda opened: ask(_sure(opened).plan, words, by=opened.by, cause=cause_of()),
        "Your question is with your consultant. You hear back while the clinic is open.",
        which="question",
    )


@bp.post("/plan/quiet")
def stop_plan_reminders() -> Any:
    return _do(lambda opened: stop_reminders(opened.plan, by=opened.by), "No more reminders about this plan.")


def _sure(opened: Door) -> Door:
    if not opened.is_sure:
        raise Forbidden(KNOWN_FIRST)
    return opened


def _do(act: Callable[[Door], Any], sentence: str, *, to: str = "plans.show", which: str = "") -> Any:
    opened = door()
    try:
        mark_seen(opened.plan, by=opened.by)
        act(opened)
    except (Refused, Forbidden, NotFound) as refused:
        db.session.rollback()
        return _again(refused, which)
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for(to), 303)


def _again(refused: ShopError, which: str) -> Any:
    words = request.form.get("words", "")[:2000]
    return page(door(), problem=refused.sentence, typed=words, which=which), refused.status
