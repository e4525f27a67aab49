"""Before anything is mixed, the solutions of a record are held against what the client is allergic to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shop.care.calendar import judge
from shop.intake.facts import OF_DEVICES, Facts, facts_of
from shop.intake.labels import label_of
from shop.intake.subjects import Subject


def before_mixing(client_id: int, solutions: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(sentence, kind of notice) for each solution that may not be mixed as it is, and for the needle; health data."""
    facts = facts_of(Subject(client_id=client_id))
    named = [one for one in solutions if one.get("name") or one.get("ingredients")]
    found = [_said(one, facts) for one in named] if facts.for_products else []
    return [*_needle(facts), *(said for said in found if said is not None)]


def _said(one: Mapping[str, Any], facts: Facts) -> tuple[str, str] | None:
    name, listed = one.get("name") or "A solution", str(one.get("ingredients") or "")
    told = ", ".join(facts.for_products)
    if not listed.strip():
        return f"{name}: type its ingredients first. The client is allergic to {told}.", "wait"
    verdict = judge(label_of(listed), allergies=facts.for_products)
    met = [found for found in verdict.rules if found.verdict in ("no", "ask")]
    if met:
        names = ", ".join(dict.fromkeys(name for found in met for name in found.names))
        of = ", ".join(dict.fromkeys(found.rule.removeprefix("allergy: ") for found in met))
        return f"{name} holds {names.capitalize() if names.isupper() else names}: the client is allergic to {of}.", "no"
    if verdict.verdict == "not assessed":
        return f"{name}: not every ingredient could be read. Look at it yourself: the client is allergic to {told}.", "wait"
    return None


def _needle(facts: Facts) -> list[tuple[str, str]]:
    metals = [word for word in facts.allergies if word.lower() in OF_DEVICES]
    return [(f"The client is allergic to {', '.join(metals)}: mind the needle.", "no")] if metals else []
