"""A package as its card and its page show it: the series line, the price of a session, what comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shop.catalog.models import Package, Treatment
from shop.core import clock
from shop.core.money import money, vat_inside
from shop.core.settings import charges_vat, setting
from shop.core.units import units
from shop.terms.contracts import Item
from shop.terms.jurisdictions import jurisdiction_of, law_of
from shop.terms.promises import refund_sentence, refund_table
from shop.wallet.series import gaps_for, needs_days, read_gaps

NUMBERS = {word: n for n, word in enumerate(("one", "two", "three", "four", "five", "six"), start=1)}
UPKEEP = re.compile(r"every ([a-z]+)(?: to ([a-z]+))? (week|month)", re.IGNORECASE)


@dataclass(slots=True)
class PackageCard:
    slug: str
    name: str
    sessions: int
    gaps: list[list[int | None]]
    upkeep_days: int | None
    price_minor: int
    per_session_minor: int
    area: str
    rhythm: str
    usual: bool
    note: str


@dataclass(slots=True)
class Refund:
    """The sentence, and per number of sessions used what comes back: within the days of the law, and after them."""

    sentence: str
    heads: tuple[str, ...]
    table: Sequence[tuple[str | int, ...]]


def package_cards(packages: Sequence[Package]) -> list[PackageCard]:
    """Cards in the given order; of each treatment and area the series with the best known number is marked."""
    usual = _usual(packages)
    return [package_card(package, usual=package.id in usual) for package in packages]


def few_cards(packages: Sequence[Package]) -> list[PackageCard]:
    """Of each treatment and area one session to begin with and the usual series, or the longest where none is usual."""
    cards = dict(zip((package.id for package in packages), package_cards(packages), strict=True))
    chosen: set[int] = set()
    groups: dict[tuple[int, str], list[Package]] = {}
    for package in packages:
        groups.setdefault((package.treatment_id, package.area), []).append(package)
    for number, group in enumerate(groups.values()):
        series = [one for one in group if one.kind == "series"]
        usual = [one for one in series if cards[one.id].usual] or sorted(series, key=lambda one: one.sessions)[-1:]
        singles = [one for one in group if one.kind == "single"] if not number else []
        chosen.update(one.id for one in [*singles[:1], *usual])
    return [cards[package.id] for package in packages if package.id in chosen]


def package_card(package: Package, *, usual: bool = False) -> PackageCard:
    rhythm = rhythm_words(package)
    return PackageCard(
        slug=package.slug,
        name=package.name,
        sessions=package.sessions,
        gaps=series_gaps(package),
        upkeep_days=upkeep_days(package.treatment) if package.kind == "series" else None,
        price_minor=package.price_minor,
        per_session_minor=package.per_session_minor,
        area=package.area,
        rhythm=rhythm,
        usual=usual,
        note=". ".join(part for part in (package.area, rhythm) if part) + ".",
    )


def series_gaps(package: Package) -> list[list[int | None]]:
    """One [least, most or None] between every two sessions, as the series line draws them."""
    return [[gap.least, gap.most] for gap in gaps_for(read_gaps(package.gaps), sessions=package.sessions)]


def upkeep_days(treatment: Treatment) -> int | None:
    """The middle of the rhythm that the treatment's upkeep sentence names; None where it names none."""
    said = UPKEEP.search(treatment.upkeep or "")
    if said is None:
        return None
    least = NUMBERS.get(said[1].lower())
    most = NUMBERS.get((said[2] or said[1]).lower())
    days = 7 if said[3].lower() == "week" else 30
    return (least + most) * days // 2 if least and most else None


def rhythm_words(package: Package) -> str:
    """ "2 to 4 weeks apart"; different gaps are left to the line."""
    gaps = {tuple(gap) for gap in series_gaps(package)}
    if not gaps:
        return "To keep the result" if package.kind == "upkeep" else "To begin with, or now and then"
    if len(gaps) > 1:
        return f"Over about {_weeks(needs_days(read_gaps(package.gaps)))}, closer at first"
    least, most = next(iter(gaps))
    if least is None:
        return ""
    if most and most != least:
        exact = least % 7 == 0 and most % 7 == 0
        return f"{least // 7} to {most // 7} weeks apart" if exact else f"{least} to {most} days apart"
    return f"{_weeks(least)} apart"


def refund_of(package: Package, *, currency: str, country: str) -> Refund:
    """What the same engine would pay after a purchase today, for the clinic's own country."""
    vat_minor = vat_inside(package.price_minor, package.vat_percent) if charges_vat() else 0
    shares = units(package.price_minor, vat_minor, package.sessions, charge="offer")
    item = Item(key="offer", kind="sessions", what=package.name, units=shares, single_minor=package.single_minor)
    law = law_of(jurisdiction_of(country), on=clock.today())
    terms: dict[str, Any] = {"law": law, "bought_on": clock.today(), "country": country}
    terms |= {"late": setting("policy.late_terms"), "currency": currency}
    rows = refund_table(item, **terms)
    is_same = all(row.within_minor == row.after_minor for row in rows)
    if is_same:
        table = [(_used(row.used, package.sessions), row.after_minor) for row in rows]
        return Refund(refund_sentence(item, **terms), ("Sessions used", "You get back"), table)
    both = [(_used(row.used, package.sessions), row.within_minor, row.after_minor) for row in rows]
    heads = ("Sessions used", f"Within {law.window_days} days", "After that")
    return Refund(refund_sentence(item, **terms), heads, both)


def saving_words(package: Package, *, currency: str) -> str:
    saved = package.single_minor * package.sessions - package.price_minor
    if package.sessions < 2 or saved <= 0:
        return ""
    single = money(package.single_minor, currency, short=True)
    return f"{money(saved, currency, short=True)} less than {package.sessions} single sessions at {single}."


def validity_words(package: Package) -> str:
    months = round(package.validity_days / 30.4)
    period = f"{months} months" if package.validity_days >= 60 else f"{package.validity_days} days"
    return f"Valid for {period} from purchase. Illness or pregnancy: we freeze it, and the days come back."


def _usual(packages: Sequence[Package]) -> set[int]:
    """Of each treatment and area the middle length of its series: the one between trying and going all the way."""
    series: dict[tuple[int, str], list[Package]] = {}
    for package in packages:
        if package.kind == "series":
            series.setdefault((package.treatment_id, package.area), []).append(package)
    found = set()
    for group in series.values():
        if len(group) > 1:
            found.add(sorted(group, key=lambda one: one.sessions)[(len(group) - 1) // 2 if len(group) != 2 else 1].id)
    return found


def _weeks(days: int) -> str:
    if days % 7 == 0 or days > 60:
        weeks = round(days / 7)
        return f"{weeks} week{'s' if weeks != 1 else ''}"
    return f"{days} days"


def _used(used: int, sessions: int) -> str:
    return "None yet" if used == 0 else f"All {used}" if used == sessions and used > 1 else str(used)
