"""Calling off as its page shows it: what can be chosen, what comes back for each line and why, and until when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from shop.core import clock
from shop.core.templating import day, moment
from shop.orders.contents import Content, Entry, window_of
from shop.orders.models import Order, OrderLine
from shop.orders.prospects import Line, Prospect, preview
from shop.orders.taking_out import withdrawals_of

DISPUTED = "Your bank is examining this payment. You can call off now; the money moves when the bank has decided."


@dataclass(frozen=True)
class Choice:
    """One line to be ticked, with the lines of its explanation; what always goes along has no tick of its own."""

    key: str
    name: str
    detail: str
    is_chosen: bool
    has_tick: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ShownProspect:
    """Everything templates/orders/withdraw.html speaks of."""

    number: str
    heading: str
    sentence: str
    notices: tuple[str, ...]
    choices: tuple[Choice, ...]
    others: tuple[Line, ...]
    chosen: tuple[str, ...]
    refund_minor: int
    waiting_minor: int
    vat_minor: int
    is_statutory: bool
    can_confirm: bool
    confirm_words: str
    receipts: tuple[tuple[str, str], ...]

    @property
    def total_minor(self) -> int:
        return self.refund_minor + self.waiting_minor


def way_out(order: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    """For the order's own page: what was promised before it was bought, the button, and receipts of earlier ones."""
    nothing: dict[str, Any] = {"refunds": [], "withdraw_path": "", "withdraw_words": "", "receipts": []}
    if order.state not in ("placed", "cancelled"):
        return nothing
    receipts = [(_receipt_path(order, w.code), moment(w.made_at)) for w in withdrawals_of(order)]
    if order.state == "cancelled":
        return nothing | {"receipts": receipts}
    is_open = window_of(order, lines).is_open(clock.today())
    return {
        "refunds": order.promise.get("said", []),
        "withdraw_path": f"/orders/{order.number}/withdraw",
        "withdraw_words": "Withdraw from the contract here" if is_open else "Call off what is left",
        "receipts": receipts,
    }


def shown_prospect(order: Order, what: Collection[str] | None, *, goodwill_minor: int = 0) -> ShownProspect:
    """`what` as ticked, None for everything. Raises Refused for goodwill above what was paid."""
    found = preview(order, what=what, goodwill_minor=goodwill_minor)
    shown = [entry for entry in found.content.entries if entry.item.kind != "delivery"]
    own = {entry.key for entry in shown}
    before = [(_receipt_path(order, w.code), moment(w.made_at)) for w in withdrawals_of(order)]
    return ShownProspect(
        number=order.number,
        heading="Withdraw from the contract" if found.is_statutory else "Call off what is left",
        sentence=_sentence(found),
        notices=(DISPUTED,) if found.is_disputed else (),
        choices=tuple(_choice(entry, found) for entry in shown),
        others=tuple(line for line in found.lines if line.key not in own and line.minor),
        chosen=tuple(sorted(found.chosen)),
        refund_minor=found.refund_minor,
        waiting_minor=found.waiting_minor,
        vat_minor=found.vat_minor,
        is_statutory=found.is_statutory,
        can_confirm=order.state == "placed" and any(_gives_up(entry) for entry in found.entries),
        confirm_words="Confirm withdrawal" if found.is_statutory else "Confirm",
        receipts=tuple(before),
    )


def last_day_words(content: Content, found: Prospect) -> str:
    """Until when everything can be withdrawn, in a sentence."""
    last = found.outcome.window.last_day
    days = content.facts.law.window_days
    if found.outcome.window.is_any_time:
        return "You can withdraw at any time."
    if last is None:
        return f"You can withdraw until {days} days after your products have arrived."
    if found.is_statutory:
        return f"You can withdraw until {day(last, year=True)}, midnight. You need give no reason."
    return f"The days of withdrawal ended on {day(last, year=True)}. By our terms you still get back what is not used."


def _receipt_path(order: Order, code: str) -> str:
    return f"/orders/{order.number}/withdrawn/{code}"


def _sentence(found: Prospect) -> str:
    if not found.content.entries:
        return "Nothing of this order is left to be called off."
    return last_day_words(found.content, found)


def _choice(entry: Entry, found: Prospect) -> Choice:
    is_chosen = entry.key in found.chosen
    goes_along = bool(entry.parent) and entry.parent in found.chosen
    lines = tuple(line for line in found.lines if line.key == entry.key) if is_chosen else ()
    return Choice(entry.key, entry.name, _detail(entry), is_chosen, not goes_along, lines)


def _detail(entry: Entry) -> str:
    item = entry.item
    if item.kind == "sessions":
        left = len(item.left)
        words = f"{left} of {len(item.units)} not used"
        held = entry.credit.held - entry.credit.reserved if entry.credit else 0
        return f"{words}, {held} booked and then let go" if held else words
    pieces = f"{len(item.units)} × " if len(item.units) > 1 else ""
    return pieces + {"here": "has not left us", "in transit": "on its way to you"}.get(item.state, "with you")


def _gives_up(entry: Entry) -> bool:
    """Something is left of it that calling off would end."""
    return bool(entry.item.left) if entry.item.kind == "sessions" else bool(entry.item.units)
