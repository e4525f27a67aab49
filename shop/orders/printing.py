"""An invoice on paper: A4, black on white, made from what was stored when it was issued."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from shop.core import clock
from shop.core.money import money
from shop.orders.models import Invoice

TITLES = {"invoice": "Invoice", "credit_note": "Credit note"}


def pdf(invoice: Invoice) -> bytes:
    """The same bytes for the same invoice: no random ids, the day of issue as the file's date."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle(invoice.number)
    page.setAuthor(invoice.content["seller"]["legal_name"])
    _head(page, invoice, mm)
    bottom = _lines(page, invoice, mm)
    _sums(page, invoice, bottom, mm)
    page.showPage()
    page.save()
    return out.getvalue()


def _head(page: Any, invoice: Invoice, mm: float) -> None:
    seller, buyer = invoice.content["seller"], invoice.content["buyer"]
    page.setFont("Times-Roman", 22)
    page.drawString(20 * mm, 268 * mm, TITLES[invoice.kind])
    page.setFont("Helvetica", 9)
    _column(page, 20 * mm, 256 * mm, [buyer["name"], *_address(buyer)])
    numbers = [f"Number {invoice.number}", f"Date {clock.local(invoice.issued_at).date():%d %B %Y}"]
    supplied = date.fromisoformat(invoice.content["supplied_on"])
    numbers += [f"Order {invoice.content['order']}", f"Supplied {supplied:%d %B %Y}"]
    _column(page, 90 * mm, 256 * mm, numbers)
    vat = [f"VAT no. {seller['vat_number']}"] if seller["vat_number"] else []
    _column(page, 140 * mm, 256 * mm, [seller["legal_name"], *seller["address"], seller["phone"], *vat])


def _lines(page: Any, invoice: Invoice, mm: float) -> float:
    y = 212 * mm
    for x, word in ((20, "What"), (120, "VAT"), (145, "Quantity")):
        page.drawString(x * mm, y, word)
    page.drawRightString(190 * mm, y, "Price incl. VAT")
    page.line(20 * mm, y - 2 * mm, 190 * mm, y - 2 * mm)
    for line in invoice.content["lines"]:
        y -= 7 * mm
        if y < 45 * mm:
            page.showPage()
            page.setFont("Helvetica", 9)
            y = 270 * mm
        page.drawString(20 * mm, y, f"{line['what']} {line.get('detail', '')}".strip()[:70])
        page.drawString(120 * mm, y, f"{line['vat_percent']} %")
        page.drawString(145 * mm, y, str(line.get("quantity", 1)))
        page.drawRightString(190 * mm, y, money(line["gross_minor"], invoice.currency))
    for name, off_minor in invoice.content.get("codes", []) if invoice.kind == "invoice" else []:
        y -= 7 * mm
        page.drawString(
            20 * mm, y, f"The prices above are after the code {name}: {money(off_minor, invoice.currency)} off."
        )
    return y


def _sums(page: Any, invoice: Invoice, y: float, mm: float) -> None:
    page.line(20 * mm, y - 3 * mm, 190 * mm, y - 3 * mm)
    rows = [("Net", invoice.gross_minor - invoice.vat_minor)]
    rows += [(f"VAT {rate['percent']} %", rate["vat_minor"]) for rate in invoice.content["rates"] if rate["vat_minor"]]
    for name, minor in [*rows, ("Total", invoice.gross_minor)]:
        y -= 7 * mm
        page.setFont("Helvetica-Bold" if name == "Total" else "Helvetica", 9)
        page.drawString(145 * mm, y, name)
        page.drawRightString(190 * mm, y, money(minor, invoice.currency))


def _address(buyer: dict[str, Any]) -> list[str]:
    at = buyer["address"]
    return [at[name] for name in ("line1", "line2", "city", "postcode") if at.get(name)] + [buyer["country"]]


def _column(page: Any, x: float, y: float, lines: list[str]) -> None:
    for n, line in enumerate(lines):
        page.drawString(x, y - n * 12, line)
