"""A day, a month, and one visit with its card."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.clicks import draw_cause
from shop.admin.pages import bp
from shop.admin.visits.cards import Card, card_of
from shop.admin.visits.days import counts_of, day_of, weeks_of
from shop.core import clock
from shop.core.db import db
from shop.core.history import actor, history_of
from shop.intake.reading import log_reading
from shop.orders.finding import ready_for
from shop.visits.finding import any_visit
from shop.visits.models import Practitioner, Visit
from shop.visits.views.reading import day_of as day_given
from shop.visits.views.reading import id_of, write_moment


@bp.get("/visits")
@right_needed("visits")
def visits() -> Any:
    on, who = day_given("day") or clock.today(), id_of("who")
    shown = day_of(on, practitioner_id=who, reader=current_user)
    entry = shown.next if on == clock.today() else None
    card = card_for(any_visit(entry.number)) if entry else None
    everybody = db.session.execute(
        select(Practitioner.id, Practitioner.name)
        .where(Practitioner.is_active)
        .order_by(Practitioner.position, Practitioner.id)
    ).all()
    return render_template(
        "admin/visits/day.html",
        shown=shown,
        card=card,
        cause=draw_cause(),
        who=who,
        everybody=everybody,
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        write_moment=write_moment,
    )


@bp.get("/visits/month")
@right_needed("visits")
def visits_month() -> Any:
    month = _month()
    weeks = weeks_of(month)
    counts = counts_of(weeks[0][0], weeks[-1][-1])
    before, after = clock.add_months(month, -1), clock.add_months(month, 1)
    return render_template("admin/visits/month.html", month=month, weeks=weeks, counts=counts, before=before, after=after)


@bp.get("/visits/<number>")
@right_needed("visits")
def visit(number: str) -> Any:
    return visit_page(any_visit(number))


def visit_page(visit: Visit, *, problem: str = "") -> str:
    card = card_for(visit)
    history = history_of(f"visit:{visit.number}")
    return render_template(
        "admin/visits/visit.html",
        card=card,
        history=history,
        problem=problem,
        ready=ready_for(visit.client_id) if current_user.can("orders") else [],
        cause=draw_cause(),
        write_moment=write_moment,
    )


def card_for(visit: Visit) -> Card:
    """The card with what its reader may see; whoever reads what was done leaves a row, before it is shown."""
    reads_health = bool(current_user.can("health"))
    if reads_health:
        client_id, number = visit.client_id, visit.number
        if request.method != "GET":
            db.session.rollback()  # the log has a transaction of its own, which must not wait for ours
        log_reading(by=actor(current_user), client_id=client_id, subject=f"visit:{number}", why="visit")
        visit = any_visit(number)
    return card_of(visit, reads_health=reads_health)


def _month() -> date:
    text = request.args.get("month", "")[:7]
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)
    return month if 2000 < month.year < 2100 else clock.today().replace(day=1)
