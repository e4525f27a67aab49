"""One page of numbers a month; each figure opens the list behind it, each table comes as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.admin.people import names_of
from shop.core.money import money
from shop.reports.charting import Chart, bars
from shop.reports.earning import earnings
from shop.reports.listing import FIGURES, moves_behind
from shop.reports.moved import moved_in
from shop.reports.owing import Report, closings, is_closed, report
from shop.reports.owing_on_cards import FIGURES as CARD_FIGURES
from shop.reports.owing_on_cards import owed_on_cards
from shop.reports.spans import last_months, read_month, read_span, this_month
from shop.reports.tables import earnings_csv, owing_csv

CHARTED = 12


@bp.get("/reports")
@right_needed("reports")
def reports() -> Any:
    month = read_month(request.args.get("month"))
    sums = None if is_closed(month) else moved_in(month)
    found = report(month, sums)
    facts: dict[str, Any] = {"month": month, "report": found, "earnings": earnings(month, sums), "chart": _chart(found)}
    facts |= {"cards": owed_on_cards(month), "card_words": CARD_FIGURES}
    months = list(reversed(last_months(CHARTED + 1, until=this_month())))
    return render_template("admin/reports/month.html", months=months, figures=FIGURES, **facts)


@bp.get("/reports/moves")
@right_needed("reports")
def report_moves() -> Any:
    args = request.args
    month = read_span(args.get("since"), args.get("until"), args.get("month"))
    figure, what = args.get("figure", "") or "sold", args.get("what", "")
    page = moves_behind(month, figure, what=what, after=after_of(args))
    names = names_of(move.by for move in page.moves)
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template("admin/reports/moves.html", month=month, words=FIGURES[figure], page=page, names=names, **paths)


@bp.get("/reports/owed.csv")
@right_needed("reports")
def owed_csv() -> Any:
    month = read_month(request.args.get("month"))
    return as_file(owing_csv(report(month), currency=shop_currency()), f"owed-in-sessions-{month.slug}.csv")


@bp.get("/reports/earned.csv")
@right_needed("reports")
def earned_csv() -> Any:
    month = read_month(request.args.get("month"))
    return as_file(earnings_csv(earnings(month), currency=shop_currency()), f"earned-{month.slug}.csv")


def _chart(found: Report) -> Chart:
    """What was owed at the end of each month up to the one shown; months not added up yet stand as nothing."""
    months = last_months(CHARTED, until=found.month)
    known = closings(months) | {found.month: found.total.closing}
    values = [(f"{m.first:%b}", known.get(m, 0), money(known.get(m, 0), shop_currency())) for m in months]
    return bars(values, title="Owed in sessions at the end of each month, net")


def as_file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv; charset=utf-8", headers=headers)


def shop_currency() -> str:
    currency: str = current_app.config["SHOP"].currency
    return currency
