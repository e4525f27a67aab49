"""The trail desk: nothing can be changed here."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.admin.paths import path_of
from shop.admin.people import names_of
from shop.admin.trail.finding import Wanted, find_changes, people


@bp.get("/trail")
@right_needed("trail")
def trail() -> Any:
    asked, staff = request.args, people()
    wanted = Wanted(
        about=asked.get("about", "").strip()[:80],
        by=asked.get("by", "") if asked.get("by") in dict(staff) else "",
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )
    page = find_changes(wanted, after=after_of(asked))
    names = names_of(row.by for row in page.rows)
    rows = [(row, path_of(row.subject), names.get(row.by, row.by), _pairs(row.details)) for row in page.rows]
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template("admin/trail/list.html", rows=rows, wanted=wanted, staff=staff, **paths)


def _pairs(details: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """(what, before, after) where the row keeps both, else (what, "", value)."""
    found = []
    for name, value in (details or {}).items():
        before, after = value if isinstance(value, list) and len(value) == 2 else ("", value)
        found.append((name.replace("_", " "), _short(before), _short(after)))
    return found


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
