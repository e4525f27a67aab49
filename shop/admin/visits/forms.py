"""What the desk types about visits: a treatment record, an absence, a practitioner's week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from shop.core.errors import Refused
from shop.visits.recording import EMPTY, REACTIONS

AREAS = {
    "Face": ("forehead", "temples", "around the eyes", "cheeks", "around the mouth", "chin and jaw"),
    "Neck": ("neck", "décolleté"),
    "Scalp": ("hairline", "crown", "whole scalp"),
    "Body": ("upper arms", "abdomen", "flanks", "thighs", "buttocks", "knees", "hands", "a single scar"),
}
KNOWN_AREAS = {area for group in AREAS.values() for area in group}
AREA_IDS = {area: n for n, area in enumerate(sorted(KNOWN_AREAS))}
SOLUTIONS = 4
LONGEST_LINE, LONGEST_TEXT = 200, 4000


def typed_record() -> dict[str, Any]:
    """The record as it was sent; what is longer than its field is cut nowhere but refused. Raises Refused."""
    content = {
        **EMPTY,
        "areas": [area for area in request.form.getlist("areas") if area in KNOWN_AREAS],
        "device": _line("device"),
        "depth_mm": _line("depth_mm"),
        "solutions": _solutions(),
        "reaction": _choice("reaction", tuple(REACTIONS)),
        "reaction_words": _line("reaction_words"),
        "notes": request.form.get("notes", ""),
    }
    if len(content["notes"]) > LONGEST_TEXT:
        raise Refused(f"The notes have at most {LONGEST_TEXT} characters.", field="notes")
    return content


def revision() -> int:
    """Which saving the page was opened with."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def minutes_of(name: str) -> int | None:
    """ "09:30" as minutes since midnight; None when nothing was typed. Raises Refused for anything else."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    hours, colon, minutes = text.partition(":")
    whole = hours.isdecimal() and minutes.isdecimal() and colon and len(text) <= 5 and text.isascii()
    if not whole or int(hours) > 24 or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 1440:
        raise Refused(f"“{text[:20]}” is not a time of day. Write it as 09:30.", field=name)
    return int(hours) * 60 + int(minutes)


def _solutions() -> list[dict[str, str]]:
    rows = [[part[:LONGEST_LINE] for part in _parts(name)] for name in ("solution", "ingredients", "lot")]
    filled = ({"name": n.strip(), "ingredients": i.strip(), "lot": lot.strip()} for n, i, lot in zip(*rows, strict=True))
    return [row for row in filled if any(row.values())]


def _parts(name: str) -> list[str]:
    given = request.form.getlist(name)[:SOLUTIONS]
    return given + [""] * (SOLUTIONS - len(given))


def _line(name: str) -> str:
    text = " ".join(request.form.get(name, "").replace("\0", "").split())
    if len(text) > LONGEST_LINE:
        raise Refused(f"At most {LONGEST_LINE} characters fit here.", field=name)
    return text


def _choice(name: str, known: Sequence[str]) -> str:
    given = request.form.get(name, "")
    return given if given in known else ""
