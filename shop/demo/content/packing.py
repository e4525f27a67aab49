"""A course (treatment, area, gap, prices by number of sessions) unfolds into the packages on sale."""

from __future__ import annotations

from typing import Any, Literal

from shop.demo.content.shapes import Gap, Package

Kind = Literal["single", "series", "upkeep"]
SERIES_DAYS, SINGLE_DAYS = 365, 183
NUMBERS = {1: "one session", **{n: f"{word} sessions" for n, word in enumerate(("three", "four", "five", "six"), 3)}}


def packages(data: dict[str, Any]) -> list[Package]:
    """Every package of every course; prices in pence including VAT."""
    return [
        _package(course, count, price, data["vat_percent"])
        for course in data["course"]
        for count, price in course["prices"].items()
    ]


def _package(course: dict[str, Any], count: str, price: int, vat_percent: int) -> Package:
    kind = _kind(count)
    sessions = int(count) if count.isdigit() else 1
    ending = f"-{course['suffix']}" if "suffix" in course else ""
    return Package(
        slug=f"{course['treatment']}-{count}{ending}",
        treatment=course["treatment"],
        kind=kind,
        name=_name(course, kind, sessions),
        statement_name=_statement_name(course["noun"], kind, sessions),
        area=course["area"],
        sessions=sessions,
        gaps=_gaps(course, count, sessions),
        validity_days=SERIES_DAYS if kind == "series" else SINGLE_DAYS,
        price_minor=price,
        single_minor=course["prices"]["1"],
        vat_percent=vat_percent,
    )


def _kind(count: str) -> Kind:
    if count == "upkeep":
        return "upkeep"
    return "single" if count == "1" else "series"


def _name(course: dict[str, Any], kind: str, sessions: int) -> str:
    what = "upkeep session" if kind == "upkeep" else NUMBERS[sessions]
    where = f", {course['area'].lower()}" if "suffix" in course else ""
    return f"{course['title']}, {what}{where}"


def _statement_name(noun: str, kind: str, sessions: int) -> str:
    """What a bank line, a subject or a label may say: never the concern."""
    if kind == "series":
        return f"{noun} course of {sessions}"
    return f"{noun} upkeep session" if kind == "upkeep" else f"{noun} session"


def _gaps(course: dict[str, Any], count: str, sessions: int) -> list[Gap]:
    if "gaps" in course:
        return [_gap(pair) for pair in course["gaps"].get(count, [])]
    return [_gap(course["gap"])] * (sessions - 1)


def _gap(pair: list[int]) -> Gap:
    least, most = pair
    return (least, most or None)
