"""What goods earned in a month, and what stands on the shelves at what it cost."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.reports.owed import as_file, shop_currency
from shop.admin.reports.sales import months_shown
from shop.core import clock
from shop.core.money import money
from shop.inventory.costing import stock_value
from shop.reports.charting import bars, label
from shop.reports.margin import WAYS, margins
from shop.reports.spans import read_month
from shop.reports.tables import margin_csv, stock_value_csv

DRAWN, SHOWN = 8, 100


@bp.get("/reports/margin")
@right_needed("reports")
def margin_report() -> Any:
    month, way = read_month(request.args.get("month")), _way()
    found, currency = margins(month, way), shop_currency()
    known = [
        (label(row.name), row.margin_minor, money(row.margin_minor, currency)) for row in found.rows if not row.unknown
    ]
    best = sorted(((name, minor or 0, words) for name, minor, words in known), key=lambda one: -one[1])[:DRAWN]
    value = stock_value()
    facts = {"month": month, "months": months_shown(), "ways": WAYS, "found": found, "shown": SHOWN, "value": value}
    chart = bars(best, title=f"Margin in {month.words} by {WAYS[way].lower()}, net")
    held = bars([(label(row.name), row.value_minor, money(row.value_minor, currency)) for row in value[:DRAWN]],
                title="Stock at cost by brand")  # fmt: skip
    return render_template("admin/reports/margin.html", chart=chart, held=held, **facts)


@bp.get("/reports/margin.csv")
@right_needed("reports")
def margin_file() -> Any:
    month, way = read_month(request.args.get("month")), _way()
    return as_file(margin_csv(margins(month, way), currency=shop_currency()), f"margin-by-{way}-{month.slug}.csv")


@bp.get("/reports/stock-value.csv")
@right_needed("reports")
def stock_value_file() -> Any:
    name = f"stock-value-{clock.today().isoformat()}.csv"
    return as_file(stock_value_csv(stock_value(), currency=shop_currency()), name)


def _way() -> str:
    way = request.args.get("by", "")
    return way if way in WAYS else "product"
