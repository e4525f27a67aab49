"""The days after a treatment, one page: what to do now, what waits, and whether something is normal today."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user

from shop.care.aftercare_days import stages_at
from shop.care.aftercare_signs import Normal, normal_today, signs
from shop.core import clock
from shop.core.access import declare
from shop.core.errors import NotFound
from shop.visits.finding import get_visit
from shop.visits.following import Care, care_of
from shop.visits.links import get_by_token
from shop.visits.models import Visit
from shop.visits.pages import bp

LEVELS = {
    "normal": ("good", "This is common at this point"),
    "ask": ("wait", "Let us look at it today"),
    "urgent": ("no", "Please call now"),
}
RING_DAYS = 14


@bp.get("/account/visits/<number>/aftercare")
def aftercare(number: str) -> Any:
    return _page(get_visit(number, client_id=current_user.client_id), f"/account/visits/{number}")


@bp.get("/appointments/<token>/aftercare")
def appointment_aftercare(token: str) -> Any:
    return _page(get_by_token(token), f"/appointments/{token}")


declare(appointment_aftercare, "public")


def _page(visit: Visit, path: str) -> str:
    care = care_of(visit)
    if care is None:
        raise NotFound("There is no aftercare for this appointment.")
    now, stages, entries = clock.now(), care.stages(), care.entries()
    waits = [entry for entry in entries if entry.until_utc and entry.until_utc > now]
    return render_template(
        "visits/aftercare.html",
        visit=visit,
        path=path,
        since=care.since,
        is_over=now >= max(stage.ends_utc for stage in stages),
        is_ahead=visit.state != "done",
        watches=visit.state == "done" and any(stage.watch for stage in stages_at(stages, now)),
        days=max(0, clock.calendar_days(care.since, now)),
        ring_days=RING_DAYS,
        current=stages_at(stages, now),
        stages=stages,
        waits=waits,
        paused=[(entry.name, entry.until) for entry in waits],
        back=[entry for entry in entries if entry.until_utc and entry.until_utc <= now],
        standing=[entry for entry in entries if entry.until_utc is None],
        signs=signs(),
        asked=request.args.get("sign", ""),
        answer=_answer(care),
    )


def _answer(care: Care) -> tuple[Normal, str, str] | None:
    """(what the rules say, kind of notice, its title); None when nothing was asked."""
    sign = request.args.get("sign", "")[:60]
    if not sign:
        return None
    said = normal_today(sign, clock.elapsed_hours(care.since, clock.now()))
    return (said, *LEVELS[said.level])
