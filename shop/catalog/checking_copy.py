"""Copy that promises too much is held back: each phrase with its rule's reason and a better sentence."""

from __future__ import annotations

from collections.abc import Mapping

from shop.care.claims import Hit, lint
from shop.care.loading import claim_rules


def claims_in(copy: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, sentence) for every phrase that a rule speaks against."""
    return [(field, sentence_for(hit)) for field, text in copy.items() if text for hit in lint(text, rules=claim_rules())]


def sentence_for(hit: Hit) -> str:
    """ "“heals”: a cosmetic does not treat. Better: …" """
    why = hit.why if hit.why.endswith((".", "!", "?")) else hit.why + "."
    return f"“{hit.phrase}”: {why} Better: {hit.better}"
