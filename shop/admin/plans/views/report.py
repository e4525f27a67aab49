"""Plans in numbers, by consultant: sent, opened, bought, bought again, worth, and what they earn where the clinic pays a share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.core import clock
from shop.core.settings import setting
from shop.plans.earning import is_paid, report
from shop.plans.lines import read_day


@bp.get("/reports/plans")
@right_needed("reports")
def plans_report() -> Any:
    since, until = _span()
    facts = {"since": since, "until": until, "pays": is_paid(), "percent": setting("plans.commission_percent")}
    return render_template("admin/plans/report.html", rows=report(since, until), **facts)


def _span() -> tuple[date, date]:
    """What was asked for, else the last thirty days; at most a year."""
    until = read_day(request.args.get("until", "")[:10]) or clock.today()
    since = read_day(request.args.get("since", "")[:10]) or until - timedelta(days=29)
    return max(min(since, until), until - timedelta(days=366)), until
