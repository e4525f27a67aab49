"""Why so much comes back, in a sentence that the client can check with a pencil."""

from collections.abc import Sequence
from datetime import date

from shop.core.money import money
from shop.core.units import Unit
from shop.terms.contracts import Facts, Item
from shop.terms.wording import count, day

GOODS = {
    "here": "It has not left us.",
    "sealed": "Unopened; paid back when it has come back or was proven sent.",
    "in transit": "Still on its way; paid back when it has come back.",
    "opened": "Opened, and it can still come back.",
}


def left(item: Item) -> str:
    return f"{item.what}: {len(item.left)} of {len(item.units)} not used"


def share(item: Item, facts: Facts) -> str:
    """ "£540.00 × 4/6", or sums where the sessions' shares differ by a penny."""
    total, sum_left = money(item.paid_minor, facts.currency), money(item.left_minor, facts.currency)
    if not item.used:
        return f"None of {total} has been used."
    if not item.left:
        return f"All of {total} has been used."
    if len({unit.gross_minor for unit in item.units}) == 1:
        return f"{total} × {len(item.left)}/{len(item.units)} = {sum_left}."
    used = money(item.paid_minor - item.left_minor, facts.currency)
    return f"{total} less {used} for the {count(item.used, 'session')} used = {sum_left}."


def nothing_owed(item: Item, facts: Facts) -> str:
    done = f"nothing is owed for the {count(item.used, 'session')} you have had."
    if facts.is_notice_missing:
        return f"You were not told of your right to cancel, so {done}"
    return f"You did not ask us to start within the {facts.law.window_days} days, so {done}"


def list_price(item: Item, facts: Facts) -> str:
    total, single = money(item.paid_minor, facts.currency), money(item.single_minor or 0, facts.currency)
    end = " is paid back" if item.paid_minor > item.used * (item.single_minor or 0) else " leaves nothing"
    return (
        f"The time to withdraw is over. By the terms shown before you bought, {total} less "
        f"{item.used} × {single}, the price of a single session,{end}."
    )


def fee(facts: Facts) -> str:
    cap = money(facts.law.fee_cap_minor, facts.currency)
    return f"The lower of {cap} and {facts.law.fee_percent} % of the sessions not done."


def closed(last_day: date) -> str:
    return f"It could be sent back until {day(last_day)}."


def each(units: Sequence[Unit], currency: str) -> str:
    """ "£90", or "£33.34 or £33.33" where the shares differ."""
    return " or ".join(money(gross, currency, short=True) for gross in dict.fromkeys(unit.gross_minor for unit in units))
