"""The fee for calling off late, as it was said at booking: an order of its own, paid by a link or at the desk."""

from __future__ import annotations

from typing import Any

from shop.bag.pricing import Sold
from shop.checkout.preparing import Buyer, prepare
from shop.checkout.quoting import Quote
from shop.core.history import record
from shop.core.settings import charges_vat, setting
from shop.core.templating import moment
from shop.orders.models import Order, OrderLine
from shop.orders.refunding import refundable_minor
from shop.orders.withdrawing import withdraw
from shop.payments.attempts import Intent
from shop.terms.pricing import Wanted, price
from shop.visits.finding import find_visit, locked
from shop.visits.models import Visit

KEY = "fee:0"
NAME = "Fee for cancelling late"


def prepare_late_fee(visit: Visit, buyer: Buyer) -> tuple[Order, Intent | None]:
    """Write the order and the intent to pay; the caller holds the visit's lock and commits."""
    sentence = f"It is due for the appointment of {moment(visit.starts_at)}, which was cancelled after the notice."
    return order_of_fee(visit, buyer, visit.owed_minor, name=NAME, sentence=sentence, late=True)


def late_fee_paid(line: OrderLine, order: Order, *, by: str) -> None:
    """Heard when its order is placed. Locks the visit; what was paid twice, or waived meanwhile, goes back by itself."""
    first = find_visit(line.details["visit"])
    visit = locked(first) if first is not None else None
    if visit is None or not visit.still_owes:
        reason, left = "This fee was paid before, or is not due any more.", refundable_minor(order.number)
        withdraw(order, by=by, cause=f"fee-twice:{order.number}", reason=reason, goodwill_minor=left)
        return
    visit.owed_order = order.number
    record(f"visit:{visit.number}", axis="late fee", was=None, now="paid", by=by, details={"order": order.number})


def order_of_fee(
    visit: Visit, buyer: Buyer, minor: int, *, name: str, sentence: str, **facts: Any
) -> tuple[Order, Intent | None]:
    """One line for one appointment; its papers name neither a treatment nor a reason."""
    percent = setting("vat.percent") if charges_vat() else "0"
    priced = price([Wanted(key=KEY, kind="consultation", what=name, list_minor=minor, vat_percent=percent)])
    sold = Sold(KEY, "consultation", name, name, {"visit": visit.number} | facts)
    order, intent = prepare(Quote(priced, {KEY: sold}, False, True), buyer, bag_id=None, mark=visit.number)
    said = [{"sentence": sentence, "heads": [], "table": [], "what": name}]
    order.promise = order.promise | {"lines": [], "said": said}
    return order, intent
