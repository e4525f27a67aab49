"""Long lists go on after the last row that was seen; the addresses keep every filter."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request, url_for

LARGEST = 2**53


def after_of(args: Mapping[str, str], name: str = "after") -> int | None:
    """The row after which the page begins; nonsense begins at the beginning."""
    text = args.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 16:
        return None
    return int(text) if 0 < int(text) < LARGEST else None


def next_path(after: int | str | None) -> str:
    """Where this list goes on; empty at its end."""
    return _path(after=after) if after is not None else ""


def first_path() -> str:
    """Back to the first page; empty on it."""
    return _path() if "after" in request.args else ""


def _path(**more: int | str) -> str:
    # names with an underscore mean something to url_for
    kept = {name: value for name, value in request.args.items() if name != "after" and not name.startswith("_")}
    return url_for(request.endpoint or "", **(kept | (request.view_args or {}) | more))
