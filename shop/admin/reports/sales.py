"""Sales and VAT of a month, each with its file; the accountant's file names every paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.reports.owed import CHARTED, as_file, shop_currency
from shop.core.money import money
from shop.core.settings import setting
from shop.reports.charting import bars, label
from shop.reports.selling import WAYS, sales
from shop.reports.spans import last_months, read_month, this_month
from shop.reports.tables import papers_csv, sales_csv
from shop.reports.taxing import parts_of, vat_rates

DRAWN, SHOWN = 8, 50


@bp.get("/reports/sales")
@right_needed("reports")
def sales_report() -> Any:
    month, way = read_month(request.args.get("month")), _way()
    found, currency = sales(month, way, most=SHOWN), shop_currency()
    best = [(label(row.name), row.gross_minor, money(row.gross_minor, currency)) for row in found.rows[:DRAWN]]
    chart = bars(best, title=f"Sold in {month.words} by {WAYS[way].lower()}, VAT included")
    facts = {"month": month, "months": months_shown(), "ways": WAYS, "found": found, "chart": chart}
    return render_template(
        "admin/reports/sales.html", rates=vat_rates(month), registered=setting("vat.registered"), since=_since(), **facts
    )


@bp.get("/reports/sales.csv")
@right_needed("reports")
def sales_file() -> Any:
    month, way = read_month(request.args.get("month")), _way()
    return as_file(sales_csv(sales(month, way), currency=shop_currency()), f"sales-by-{way}-{month.slug}.csv")


@bp.get("/reports/papers.csv")
@right_needed("reports")
def papers_file() -> Any:
    month = read_month(request.args.get("month"))
    return as_file(papers_csv(parts_of(month), currency=shop_currency()), f"invoices-{month.slug}.csv")


def _since() -> date | None:
    text = setting("vat.registered_from")
    return date.fromisoformat(text) if text else None


def _way() -> str:
    way = request.args.get("by", "")
    return way if way in WAYS else "product"


def months_shown() -> list[Any]:
    return list(reversed(last_months(CHARTED + 1, until=this_month())))
