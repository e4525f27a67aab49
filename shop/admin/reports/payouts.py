"""What Stripe sent to the bank: each payout with its fees and refunds, and whether our own books agree."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.reports.owed import as_file
from shop.admin.reports.sales import months_shown
from shop.core.money import money
from shop.reports.charting import bars
from shop.reports.paying_out import one_payout, statement, waiting_payments
from shop.reports.spans import read_month
from shop.reports.tables import payouts_csv

LARGEST_ID = 2**53
STATES = {
    "paid": ("sent", "good"),
    "in_transit": ("on its way", "open"),
    "pending": ("on its way", "open"),
    "failed": ("came back", "no"),
    "canceled": ("called off", "quiet"),
}


@bp.get("/reports/payouts")
@right_needed("reports")
def payouts_report() -> Any:
    month = read_month(request.args.get("month"))
    found = statement(month)
    sent = [
        (f"{row.payout.arrives_on.day}", row.payout.amount_minor, money(row.payout.amount_minor, row.payout.currency))
        for row in found.arrived
    ]
    facts = {"month": month, "months": months_shown(), "found": found, "states": STATES}
    chart = bars(sent, title=f"Sent to the bank in {month.words}, by the day it arrives")
    return render_template("admin/reports/payouts.html", chart=chart, **facts)


@bp.get("/reports/payouts/waiting")
@right_needed("reports")
def payouts_waiting() -> Any:
    month = read_month(request.args.get("month"))
    return render_template("admin/reports/payouts_waiting.html", month=month, rows=waiting_payments(month))


@bp.get("/reports/payouts/<int:id>")
@right_needed("reports")
def payout(id: int) -> Any:
    return render_template("admin/reports/payout.html", found=one_payout(min(id, LARGEST_ID)), states=STATES)


@bp.get("/reports/payouts.csv")
@right_needed("reports")
def payouts_file() -> Any:
    month = read_month(request.args.get("month"))
    return as_file(payouts_csv(statement(month)), f"payouts-{month.slug}.csv")
