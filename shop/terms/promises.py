"""What a client would get back, said before the purchase by the same engine that pays it later."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from shop.core.money import money
from shop.terms import reasons
from shop.terms.cancellation import cancel
from shop.terms.contracts import Facts, Item
from shop.terms.jurisdictions import Law
from shop.terms.windows import window
from shop.terms.wording import day


@dataclass(frozen=True, slots=True)
class Row:
    """After so many sessions: within the window (started early on request, or without asking) and after it."""

    used: int
    within_minor: int
    unasked_minor: int
    after_minor: int


def refund_table(
    item: Item, *, law: Law, bought_on: date, country: str = "", late: str = "pro-rata", currency: str = "GBP"
) -> list[Row]:
    """One row for each number of sessions used, none to all, for the sessions of one line as it is (to be) paid."""
    last = window(law, bought_on=bought_on, country=country).last_day
    unasked = Facts(law=law, bought_on=bought_on, cancelled_on=bought_on, country=country, late=late, currency=currency)
    within = replace(unasked, has_express_request=True)
    after = replace(within, cancelled_on=last + timedelta(days=1) if last else bought_on)
    rows = []
    for used in range(len(item.units) + 1):
        so_far = [replace(item, used=used)]
        rows.append(Row(used, *(cancel(so_far, facts).refund_minor for facts in (within, unasked, after))))
    return rows


def refund_sentence(
    item: Item,
    *,
    law: Law,
    bought_on: date,
    country: str = "",
    late: str = "pro-rata",
    currency: str = "GBP",
    has_goods: bool = False,
) -> str:
    """The table in one honest sentence, with the date on which it turns; later when goods of the order arrive later."""
    each = reasons.each(item.units, currency)
    if law.any_time:
        return _any_time(law, each, currency)
    after = _after(item, each, late, currency)
    if not law.forgives_without_request and late == "pro-rata":
        return f"You can cancel at any time and get {after}"
    last = day(window(law, bought_on=bought_on, country=country).last_day or bought_on, near=bought_on)
    until = f"{last}, or {law.window_days} days after your products arrive if that is later," if has_goods else last
    return f"Until {until} you get {_within(item, law, each)}; after that {after}"


def goods_sentence(law: Law) -> str:
    """The same for products: the days run from their arrival."""
    if not law.window_days:
        return "Products can come back as our terms say."
    return (
        f"Unopened products can come back until {law.window_days} days after they arrive; products sealed for hygiene "
        "cannot once they are opened. When all of them come back, standard delivery is paid back too."
    )


def _within(item: Item, law: Law, each: str) -> str:
    if not law.forgives_without_request:
        return f"{each} for each session not yet used"
    if len(item.units) == 1:
        return "everything back, unless you asked us to give you the session before then"
    return f"everything back, less {each} for each session you asked us to give you before then"


def _after(item: Item, each: str, late: str, currency: str) -> str:
    if late == "list-price" and item.single_minor is not None:
        single, paid = money(item.single_minor, currency, short=True), money(item.paid_minor, currency, short=True)
        return f"{paid} less {single}, the price of a single session, for each session used."
    return f"{each} for each session not yet used."


def _any_time(law: Law, each: str, currency: str) -> str:
    cap = money(law.fee_cap_minor, currency, short=True)
    return (
        f"You can cancel at any time and get {each} back for each session not yet used; once a session is done, "
        f"less a fee of {cap} or {law.fee_percent} % of what is not used, whichever is lower."
    )
