"""How full a shelf is and what happened on it, in words."""

from __future__ import annotations

from datetime import date

from shop.core import clock
from shop.core.settings import setting
from shop.core.templating import day
from shop.inventory.reporting import Shelved
from shop.inventory.selling import first_end

Word = tuple[str, str]
LOTS = {"open": ("On sale", "good"), "quarantine": ("Set aside", "wait"), "recalled": ("Recalled", "no")}
MARKETS = {"EU": "European Union", "GB": "Great Britain"}
MOVES = {
    "receive": "Counted in",
    "adjust": "Corrected",
    "allocate": "Promised",
    "deallocate": "Promise taken back",
    "dispatch": "Left",
    "transfer": "Carried over",
}
PURCHASES = {
    "draft": ("Being written", "open"),
    "ordered": ("Ordered", "wait"),
    "part": ("A part has come", "wait"),
    "done": ("All here", "good"),
    "cancelled": ("Cancelled", "quiet"),
}
SHEETS = {
    "open": ("Being scanned", "open"),
    "counted": ("Waits for approval", "wait"),
    "done": ("Done", "good"),
    "dropped": ("Thrown away", "quiet"),
}


def shelf_word(row: Shelved) -> Word:
    """The one thing to know about a shelf first."""
    if row.sellable <= 0:
        return ("Sold out", "no") if row.sold else ("None", "quiet")
    if row.cover_days is not None and row.cover_days < setting("stock.low_days"):
        return f"{row.cover_days} {'day' if row.cover_days == 1 else 'days'} left", "wait"
    return "In stock", "good"


def end_word(expires_on: date | None) -> Word:
    """A lot's date, with how near it is."""
    if expires_on is None:
        return "no date", "quiet"
    words, days = day(expires_on, weekday=False, year=True), (expires_on - clock.today()).days
    if days <= 0:
        return f"ended {words}", "no"
    if expires_on < first_end():
        return f"{words}, not sold any more", "no"
    return words, "wait" if days <= setting("stock.expiring_days") else "quiet"
