"""At which time of day a product is used, and in which order: by what is in it and by its step."""

from __future__ import annotations

from shop.care.labels import Label

NIGHT = frozenset({"retinoid", "aha", "bha", "pha", "hydroquinone", "benzoyl-peroxide", "scrub"})
DAY = frozenset({"ascorbic-acid"})
ORDER = ("cleanse", "mask", "tone", "treat", "eye", "moisturise", "protect", "body", "scalp", "")


def times_of(label: Label, step: str, chosen: str = "") -> tuple[bool, bool]:
    """(morning, evening). What the client chose counts; a sunscreen is for the day, vitamin A and acids are for the night."""
    if chosen:
        return chosen in ("morning", "both"), chosen in ("evening", "both")
    held = set(label.classes)
    if step == "protect":
        return True, False
    if held & NIGHT or step in ("mask", "scalp"):
        return False, True
    return (True, False) if held & DAY else (True, True)


def place_of(step: str) -> int:
    return ORDER.index(step) if step in ORDER else len(ORDER)
