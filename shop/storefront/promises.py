"""What the clinic promises about money on every page, in the words of the law that holds for it."""

from __future__ import annotations

from shop.core import clock
from shop.core.money import money
from shop.core.settings import setting
from shop.terms.jurisdictions import jurisdiction_of, law_of
from shop.terms.shipping import default_table


def refund_promise(country: str) -> str:
    """One sentence that holds for every series."""
    law = law_of(jurisdiction_of(country), on=clock.today())
    late = (
        "at the price you paid for it"
        if setting("policy.late_terms") == "pro-rata"
        else "as the table under its price shows"
    )
    if law.any_time or not law.window_days:
        return f"You can cancel at any time; each session you have not used is paid back {late}."
    return f"For {law.window_days} days you get everything back for what you have not used. After that each session you have not used is paid back {late}."


def delivery_words(country: str, *, currency: str) -> str:
    """What delivery costs at home, by the table that checkout uses."""
    table = default_table()
    free_from = table.free_from_minor.get(country)
    steps = table.steps.get(country)
    if not steps:
        return "Delivered to your door."
    least = money(steps[0][1], currency)
    if free_from is None:
        return f"Delivery from {least}, two to three working days."
    return (
        f"Delivery from {least}, free from {money(free_from, currency, short=True)} of products; two to three working days."
    )
