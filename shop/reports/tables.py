"""A report as a file for a spreadsheet: amounts as plain numbers, and no cell that it would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from shop.core import clock
from shop.core.money import exponent
from shop.inventory.costing import Valued
from shop.payments.reconciling import Reconciled
from shop.reports.earning import Earnings
from shop.reports.margin import WAYS as MARGIN_WAYS
from shop.reports.margin import Margin, Margins
from shop.reports.owing import Report
from shop.reports.paying_out import Statement
from shop.reports.selling import WAYS, Sales
from shop.reports.taxing import WORDS as KINDS_OF_PAPER
from shop.reports.taxing import Part

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def owing_csv(found: Report, *, currency: str) -> str:
    head = ("What", "Opening", "Sold", "Redeemed", "Paid back", "Expired", "Brought along", "Closing")
    rows = [(row.name, row.sums) for row in found.rows] + [("All", found.total)]
    return as_csv(
        head,
        (
            (name, *(amount(getattr(sums, figure), currency) for figure in _FIGURES), amount(sums.closing, currency))
            for name, sums in rows
        ),
    )


def earnings_csv(found: Earnings, *, currency: str) -> str:
    head = ("What", "Sessions", "Earned net", "Expired net", "VAT rate", "VAT falls due", "VAT on sales", "VAT on refunds")
    lines = [
        (
            row.name,
            row.sessions,
            amount(row.earned_minor, currency),
            amount(row.breakage_minor, currency),
            row.vat_percent,
            "at sale",
            amount(row.vat_sold_minor, currency),
            amount(row.vat_back_minor, currency),
        )
        for row in found.rows
    ]
    kept = ("Kept when orders were called off", 0, amount(found.kept_minor, currency), "", "", "", "", "")
    return as_csv(head, [*lines, kept])


def sales_csv(found: Sales, *, currency: str) -> str:
    head = (WAYS[found.way], "Units", "Net", "VAT", "Gross")
    rows = [
        (row.name, row.units, *(amount(minor, currency) for minor in (row.net_minor, row.vat_minor, row.gross_minor)))
        for row in found.rows
    ]
    whole = (found.gross_minor - found.vat_minor, found.vat_minor, found.gross_minor)
    back = (found.back_vat_minor - found.back_minor, -found.back_vat_minor, -found.back_minor)
    ends = (
        ("All", *(amount(minor, currency) for minor in whole)),
        ("Paid back", *(amount(minor, currency) for minor in back)),
    )
    return as_csv(head, [*rows, *((name, "", *sums) for name, *sums in ends)])


def margin_csv(found: Margins, *, currency: str) -> str:
    head = (MARGIN_WAYS[found.way], "Units", "Sold net", "Paid back net", "Cost", "Units of unknown cost", "Margin")
    return as_csv(head, (_margin_cells(row, currency) for row in (*found.rows, found.total)))


def _margin_cells(row: Margin, currency: str) -> tuple[object, ...]:
    sums = (amount(minor, currency) for minor in (row.sold_minor, row.back_minor, row.cost_minor))
    margin = "unknown" if row.margin_minor is None else amount(row.margin_minor, currency)
    return (row.name, row.units, *sums, row.unknown, margin)


def stock_value_csv(rows: Iterable[Valued], *, currency: str) -> str:
    head = ("Brand", "Units on hand", "Units of unknown cost", "Value at cost")
    return as_csv(head, ((row.name, row.units, row.unknown, amount(row.value_minor, currency)) for row in rows))


def payouts_csv(found: Statement) -> str:
    """Every entry, then each payout's own line as the bank has it."""
    head = ("Arrives", "Payout", "Status", "What", "Order", "Date", "Amount", "Fee", "Net", "Currency", "Agrees")
    return as_csv(head, (line for row in found.rows for line in _payout_lines(row)))


def _payout_lines(row: Reconciled) -> Iterable[Sequence[object]]:
    payout = row.payout
    first, currency = (payout.arrives_on.isoformat(), payout.stripe_id, payout.status), payout.currency
    for one in row.lines:
        line = one.line
        sums = (amount(minor, currency) for minor in (line.amount_minor, line.fee_minor, line.net_minor))
        on = clock.local(line.at).date().isoformat()
        yield (*first, one.words, one.order_number or "", on, *sums, currency, one.problem or "yes")
    said = "; ".join(row.problems) or ("yes" if payout.is_read else "Stripe does not say what it is made of")
    yield (*first, "Sent to the bank", "", "", "", "", amount(payout.amount_minor, currency), currency, said)


def papers_csv(parts: Iterable[Part], *, currency: str) -> str:
    """One line for each paper and rate, as an accountant's books take them; credit notes below nothing."""
    head = ("Date", "Number", "Kind", "Order", "Country", "VAT rate", "Net", "VAT", "Gross", "Currency")
    lines = (
        (
            *(part.on.isoformat(), part.number, KINDS_OF_PAPER[part.kind], part.order, part.country, part.percent),
            *(amount(minor, currency) for minor in (part.net_minor, part.vat_minor, part.gross_minor)),
            currency,
        )
        for part in parts
    )
    return as_csv(head, lines)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180, with a mark for spreadsheets that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([cell(text) for text in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def cell(value: object) -> object:
    """Text that begins like a formula is shown, not calculated; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA) and not _is_number(value):
        return "'" + value
    return value


def amount(minor: int, currency: str) -> str:
    """ "1234.50": no symbol, no grouping."""
    digits = exponent(currency)
    sign, whole = "-" if minor < 0 else "", abs(minor)
    if not digits:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}}"


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


_FIGURES = ("opening", "sold", "redeemed", "refunded", "expired", "moved_in")
