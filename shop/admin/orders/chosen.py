"""How many units of which line a form names."""

from __future__ import annotations

from flask import request


def chosen_units() -> dict[int, int] | None:
    """{line: units} of the fields units-7, or None when the form has none: then everything goes."""
    given = {name[6:]: value for name, value in request.form.items() if name.startswith("units-")}
    if not given:
        return None
    return {_whole(line): _whole(units) for line, units in list(given.items())[:200]}


def _whole(text: str) -> int:
    """Nonsense is more than there can be of anything, so that it is refused."""
    text = text.strip() or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 10**9
