"""Plans in numbers, by consultant: sent, opened, bought, bought again, worth, and what they earn where the clinic pays a share."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask import render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.reports.owed import as_file, shop_currency
from shop.core import clock
from shop.core.money import money
from shop.core.settings import setting
from shop.plans.earning import is_paid, report
from shop.plans.lines import read_day
from shop.reports.charting import bars, label
from shop.reports.spans import month_of
from shop.reports.tables import amount, as_csv


@bp.get("/reports/plans")
@right_needed("reports")
def plans_report() -> Any:
    since, until = _span()
    rows, currency = report(since, until), shop_currency()
    worth = [(label(row.name), row.net_minor, money(row.net_minor, currency)) for row in rows]
    facts = {"since": since, "until": until, "pays": is_paid(), "percent": setting("plans.commission_percent")}
    facts |= {"month": month_of(clock.at_local(until, time(12))), "chart": bars(worth, title="Worth without VAT")}
    return render_template("admin/plans/report.html", rows=rows, **facts)


@bp.get("/reports/plans.csv")
@right_needed("reports")
def plans_file() -> Any:
    since, until = _span()
    head = ("Consultant", "Plans", "Opened", "Bought", "Bought again", "Worth net", "Share")
    currency = shop_currency()
    lines = (
        (
            *(row.name, row.plans, row.opened, row.bought, row.repeat),
            *(amount(minor, currency) for minor in (row.net_minor, row.commission_minor)),
        )
        for row in report(since, until)
    )
    return as_file(as_csv(head, lines), f"plans-by-consultant-{since.isoformat()}-{until.isoformat()}.csv")


def _span() -> tuple[date, date]:
    """What was asked for, else the last thirty days; at most a year."""
    until = read_day(request.args.get("until", "")[:10]) or clock.today()
    since = read_day(request.args.get("since", "")[:10]) or until - timedelta(days=29)
    return max(min(since, until), until - timedelta(days=366)), until
