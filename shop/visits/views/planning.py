"""The event planner: for a package that is looked at, and for sessions that are left."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user

from shop.catalog.finding import get_package
from shop.core.access import declare
from shop.core.settings import setting
from shop.visits.pages import bp
from shop.visits.planning import MOST_CLEAR_DAYS, plan_credit, plan_package
from shop.visits.views.reading import day_of
from shop.wallet.finding import get_credit
from shop.wallet.series import gaps_for, read_gaps


@bp.get("/packages/<package>/dates")
def package_dates(package: str) -> Any:
    offered, event = get_package(package), day_of("event")
    planned = plan_package(offered, event=event, clear_days=_clear_days()) if event else None
    return _page(offered.name, offered.gaps, offered.sessions, planned, back=f"/packages/{package}", what="")


declare(package_dates, "public")


@bp.get("/account/visits/plan/<code>")
def credit_dates(code: str) -> Any:
    credit, event = get_credit(code, client_id=current_user.client_id), day_of("event")
    planned = plan_credit(credit, event=event, clear_days=_clear_days()) if event else None
    return _page(credit.name, credit.gaps, credit.granted, planned, back="/account/visits", what=code)


def _page(name: str, gaps: list[Any], sessions: int, planned: Any, *, back: str, what: str) -> str:
    clear = _clear_days()
    return render_template(
        "visits/dates.html",
        name=name,
        gaps=[[gap.least, gap.most] for gap in gaps_for(read_gaps(gaps), sessions=sessions)],
        planned=planned,
        event=request.args.get("event", "")[:10],
        is_unread=bool(request.args.get("event")) and planned is None and not what,
        clear_days=setting("visits.clear_days") if clear is None else clear,
        back=back,
        what=what,
    )


def _clear_days() -> int | None:
    text = request.args.get("clear", "")
    return min(int(text), MOST_CLEAR_DAYS) if text.isascii() and text.isdecimal() and len(text) < 5 else None
