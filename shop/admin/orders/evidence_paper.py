"""The evidence file on paper: A4, one column of dates and labels, one of words; what a bank accepts as it is."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from shop.admin.orders.evidence import Section


def pdf(number: str, sections: Sequence[Section]) -> bytes:
    """Long texts go on over as many pages as they need."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    head = ParagraphStyle("head", fontName="Times-Roman", fontSize=20, leading=26)
    title = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=10.5, leading=14, spaceBefore=10, spaceAfter=4)
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=8.5, leading=12, leftIndent=44 * mm, spaceAfter=2)
    story: list[Any] = [Paragraph(f"Order {escape(number)}", head), Spacer(1, 3 * mm)]
    for section in sections:
        story.append(Paragraph(escape(section.title), title))
        for label, text in section.rows:
            first, *more = text.split("\n") if text else [""]
            story.append(Paragraph(f'<font color="#555555">{escape(label)}</font>  {escape(first)}', body))
            story += [Paragraph(escape(line), body) for line in more if line.strip()]
    out = BytesIO()
    margins = {"leftMargin": 18 * mm, "rightMargin": 18 * mm, "topMargin": 18 * mm, "bottomMargin": 18 * mm}
    SimpleDocTemplate(out, pagesize=A4, title=f"Order {number}", **margins).build(story)
    return out.getvalue()
