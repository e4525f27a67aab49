"""A plan on paper as a file: A4, black on white, the same lines as the page that its reader sees, with the short code."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from shop.core.money import money
from shop.core.templating import day
from shop.plans.showing import Page, Shown

LEFT, RIGHT, TOP, BOTTOM = 56, 539, 786, 64  # points of A4
SIZE, LEAD = 10, 14


def pdf(page: Page, *, clinic: str, address: str, code: str, by: str, on: str, currency: str) -> bytes:
    """The same bytes for the same page: no random ids and no hour of making in the file."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    paper = Canvas(out, pagesize=A4, invariant=1)
    paper.setTitle("Your plan")
    paper.setAuthor(clinic)
    y = float(TOP)
    for words, style in _lines(page, clinic=clinic, address=address, code=code, by=by, on=on, currency=currency):
        y = _write(paper, words, style, y)
    paper.showPage()
    paper.save()
    return out.getvalue()


def _lines(
    page: Page, *, clinic: str, address: str, code: str, by: str, on: str, currency: str
) -> Iterator[tuple[str, str]]:
    """(words, how they are set)"""
    yield "Your plan", "title"
    yield f"{by}, {clinic}, {on}. Opens again at {address} with the code {code}.", "text"
    if page.message:
        yield page.message, "text"
    for heading, lines in (("Morning", page.morning), ("Evening", page.evening), ("Any time", page.any_time)):
        if lines:
            yield heading, "head"
        for one in lines:
            yield from _step(one)
    if page.series:
        yield "In the clinic", "head"
    for one in page.series:
        yield f"{one.name}, {money(one.price_minor, currency)}", "strong"
        if one.why:
            yield one.why, "text"
    yield from _sums(page, currency)
    if page.review_on:
        yield f"We look at it together again on {day(page.review_on, year=True)}.", "text"


def _sums(page: Page, currency: str) -> Iterator[tuple[str, str]]:
    if page.nothing_to_buy:
        yield "There is nothing to buy today.", "strong"
    elif page.can_buy:
        yield "What it comes to", "head"
        yield f"What matters most: {money(page.essential_minor, currency)}", "text"
        yield f"All of it: {money(page.whole_minor, currency)}", "text"


def _step(one: Shown) -> Iterator[tuple[str, str]]:
    kept = ", which you have" if one.kind == "keep" else ""
    yield f"{one.step_word or 'Habit'}: {one.name}{kept}", "strong"
    for words in (one.how, one.why, one.word):
        if words:
            yield words, "text"


def _write(paper: Any, words: str, style: str, y: float) -> float:
    """Down the page, over to the next where it is full; returns where the next line stands."""
    from reportlab.lib.utils import simpleSplit

    font, size = {
        "title": ("Times-Roman", 22),
        "head": ("Times-Roman", 15),
        "strong": ("Helvetica-Bold", SIZE),
        "text": ("Helvetica", SIZE),
    }[style]
    y -= {"title": 0, "head": 12, "strong": 4, "text": 0}[style]
    for line in simpleSplit(_latin(words), font, size, RIGHT - LEFT):
        if y < BOTTOM:
            paper.showPage()
            y = TOP
        paper.setFont(font, size)
        paper.drawString(LEFT, y, line)
        y -= size + LEAD - SIZE
    return y


def _latin(words: str) -> str:
    """The letters that the built-in fonts can show; another becomes a question mark."""
    return words.encode("cp1252", "replace").decode("cp1252")
