"""The report that an authority asks for after a serious reaction, filled in as far as the case knows; a person checks and sends it.

Cosmetics: serious undesirable effects, Regulation (EC) 1223/2009, Article 23 (in Great Britain as retained). Treatments:
the authority's own scheme for suspected adverse reactions. The person is named by initials alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from shop.cases.models import Case, CaseEntry
from shop.core import clock
from shop.core.settings import setting

AUTHORITIES = {
    ("reaction_product", "GB"): "Office for Product Safety and Standards (serious undesirable effect, cosmetics)",
    ("reaction_session", "GB"): "MHRA Yellow Card scheme (suspected adverse reaction)",
    ("reaction_product", ""): "Competent authority for cosmetics of the country (SUE form, Article 23)",
    ("reaction_session", ""): "Authority for medicines and devices of the country",
}
SERIOUS = (
    "functional incapacity, temporary or permanent",
    "disability",
    "hospital stay",
    "congenital anomaly",
    "immediate risk to life",
    "death",
)
OPEN = "…"


def authority_of(case: Case) -> str:
    country = setting("clinic.country")
    return AUTHORITIES.get((case.kind, country)) or AUTHORITIES[(case.kind, "")]


def report_text(case: Case, *, name: str, entries: Sequence[CaseEntry]) -> str:
    """Plain text to be copied or printed; what nobody has told yet stays open as dots."""
    told: dict[str, Any] = {
        "words": "",
        "name": "",
        "since": "",
        "weeks": None,
        "sessions": [],
        "products": [],
    } | case.content
    parts = [
        (
            "REPORT OF AN UNDESIRABLE EFFECT",
            [f"To: {authority_of(case)}", f"Our reference: C-{case.id}", f"Date: {_day(clock.today())}"],
        ),
        ("1  Who reports", _reporter()),
        ("2  The person", [f"Initials: {_initials(name)}", f"Age: {OPEN}", f"Sex: {OPEN}"]),
        ("3  What was noticed", _noticed(case, told)),
        ("4  Products", _lines(_product(one) for one in told["products"])),
        ("5  Treatments", _lines(_session(one) for one in told["sessions"])),
        ("6  How serious (tick what applies)", [f"[ ] {words}" for words in SERIOUS]),
        (
            "7  What was done",
            _lines(f"{_day(clock.local(one.at).date())}: {one.text}" for one in entries if one.kind != "owner"),
        ),
        ("8  Outcome so far", [_outcome(case)]),
        ("9  Opinion of the medical lead on the cause", [OPEN]),
    ]
    return "\n\n".join("\n".join([head, *lines]) for head, lines in parts) + "\n"


def _reporter() -> list[str]:
    where = ", ".join(setting("clinic.address"))
    return [
        f"{setting('clinic.legal_name')}, {where}",
        f"{setting('clinic.phone')}, {setting('clinic.email')}",
        "Role: distributor of the products, provider of the treatments",
    ]


def _noticed(case: Case, told: dict[str, Any]) -> list[str]:
    since = _day(date.fromisoformat(told["since"])) if told["since"] else OPEN
    weeks = f", week {told['weeks']} after the treatment" if told["weeks"] is not None else ""
    reported = _day(clock.local(case.opened_at).date())
    return [
        f"Kind: {told['name'] or OPEN}",
        f"Began: {since}{weeks}",
        f"Reported to us: {reported}",
        f"In the person's words: {told['words'] or OPEN}",
    ]


def _product(one: dict[str, Any]) -> str:
    return f"{one['name']}, batch {one['lot'] or OPEN}, supplied {_day(date.fromisoformat(one['on']))}"


def _session(one: dict[str, Any]) -> str:
    lots = "; ".join(f"{lot['name']}, batch {lot['lot'] or OPEN}" for lot in one["lots"]) or f"solutions {OPEN}"
    return f"{_day(date.fromisoformat(one['on']))}: {lots}"


def _outcome(case: Case) -> str:
    from shop.cases.working import RESULTS

    if case.outcome is None:
        return "Not recovered yet / recovered / lasting effect / not known (strike out)"
    return f"{RESULTS[case.outcome['result']]}. {case.outcome['words']}"


def _lines(found: Iterable[str]) -> list[str]:
    return list(found) or [OPEN]


def _initials(name: str) -> str:
    return " ".join(f"{word[0].upper()}." for word in name.split()[:3]) or OPEN


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
