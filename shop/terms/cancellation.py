"""What a client gets back when an order is cancelled, line by line and with its reason, under the law it was placed under."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from shop.core.units import Part, Unit, pools, take_newest
from shop.terms import reasons
from shop.terms.contracts import NOT_DELIVERED, Facts, Item, Outcome, Repaid, Said
from shop.terms.jurisdictions import law_of
from shop.terms.windows import Window, window


def cancel(items: Sequence[Item], facts: Facts) -> Outcome:
    """What is due, adding up stored shares; it is never more than was paid."""
    within = contract_window(items, facts)
    is_open = within.is_open(facts.cancelled_on)
    fees = _fees(items, facts)
    repaid = []
    for item in items:
        if item.is_kept:
            repaid.append(Repaid(item.key, (), ()))
        elif item.kind == "sessions":
            repaid.append(_sessions(item, facts, is_open=is_open, fee_minor=fees.get(item.key, 0)))
        elif not is_open:
            repaid.append(_nothing(item, reasons.closed(within.last_day or facts.bought_on)))
        elif item.kind == "goods":
            repaid.append(_goods(item, facts))
        else:
            repaid.append(_delivery(item, items, facts))
    rule, version = _rule(items, facts, is_open=is_open)
    return Outcome(tuple(repaid), sum(item.paid_minor for item in items), rule, version, within)


def contract_window(items: Iterable[Item], facts: Facts) -> Window:
    """One window for everything bought together: the later of the sessions' and the goods'."""
    goods = [item for item in items if item.kind == "goods" and item.state != "returned"]
    delivered = [None if item.state in NOT_DELIVERED else item.delivered_on or facts.bought_on for item in goods]
    return window(
        facts.law,
        bought_on=facts.bought_on,
        delivered_on=delivered,
        notice_missing=facts.is_notice_missing,
        notice_given_on=facts.notice_given_on,
        country=facts.country,
    )


def _sessions(item: Item, facts: Facts, *, is_open: bool, fee_minor: int) -> Repaid:
    if is_open and item.used and facts.forgives(item):
        return _everything(item, reasons.nothing_owed(item, facts))
    if not is_open and facts.late == "list-price" and item.single_minor is not None:
        due = max(item.paid_minor - item.used * item.single_minor, 0)
        return _repaid(item, item.units, due, [Said(reasons.left(item), due, reasons.list_price(item, facts))])
    said = [Said(reasons.left(item), item.left_minor, reasons.share(item, facts))]
    if fee_minor:
        said.append(Said("Cancellation fee", -fee_minor, reasons.fee(facts)))
    return _repaid(item, item.left, item.left_minor - fee_minor, said)


def _goods(item: Item, facts: Facts) -> Repaid:
    if item.state == "returned":
        return _nothing(item, "Paid back before.")
    if _stays(item, facts):
        return _nothing(item, "Opened after delivery; it was sealed for hygiene.")
    return _everything(item, reasons.GOODS[item.state])


def _delivery(item: Item, items: Iterable[Item], facts: Facts) -> Repaid:
    goods = [other for other in items if other.kind == "goods"]
    if not goods or any(_stays(other, facts) for other in goods):
        return _nothing(item, "Part of the goods stays with you.")
    due = item.paid_minor if item.standard_minor is None else min(item.standard_minor, item.paid_minor)
    return _repaid(
        item, item.units, due, [Said(item.what, due, "All goods come back, so standard delivery is paid back too.")]
    )


def _stays(item: Item, facts: Facts) -> bool:
    """Kept, or opened although sealed for hygiene; that exception counts only if the client was told of it."""
    return item.is_kept or (item.state == "opened" and item.is_hygienic and not facts.is_notice_missing)


def _everything(item: Item, why: str) -> Repaid:
    what = item.what if item.kind == "goods" else f"{item.what}: all {len(item.units)}"
    return _repaid(item, item.units, item.paid_minor, [Said(what, item.paid_minor, why)])


def _nothing(item: Item, why: str) -> Repaid:
    return Repaid(item.key, (), (Said(item.what, 0, why),))


def _repaid(item: Item, units: Sequence[Unit], due_minor: int, said: list[Said]) -> Repaid:
    """A sum out of the stored shares of these units, each charge within its own, the newest first."""
    parts: list[Part] = take_newest(pools(units), due_minor)[1]
    return Repaid(item.key, tuple(parts), tuple(said), len(item.left) if item.kind == "sessions" else 0)


def _fees(items: Iterable[Item], facts: Facts) -> dict[str, int]:
    """Quebec: once any session is done, the lower of a fixed sum and a share of what is not done."""
    sessions = [item for item in items if item.kind == "sessions" and not item.is_kept]
    undone = sum(item.left_minor for item in sessions)
    fee = min(facts.law.fee_cap_minor, int(undone * Decimal(facts.law.fee_percent) / 100))
    if not any(item.used for item in sessions):
        return {}
    fees: dict[str, int] = {}
    for item in sessions:
        fees[item.key] = min(fee, item.left_minor)
        fee -= fees[item.key]
    return fees


def _rule(items: Iterable[Item], facts: Facts, *, is_open: bool) -> tuple[str, str]:
    """The name of the rule that decided, and its version."""
    if not is_open:
        return f"clinic-{facts.late}", facts.late_version or law_of("clinic", on=facts.bought_on).version
    done = (item for item in items if item.kind == "sessions" and item.used and not item.is_kept)
    forgiven = any(facts.forgives(item) for item in done)
    return (facts.law.rule_nothing_owed if forgiven else facts.law.rule_within), facts.law.version
