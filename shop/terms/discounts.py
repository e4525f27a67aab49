"""A code takes a fixed sum or a share off the lines it covers, never more than they cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shop.core.errors import Refused
from shop.core.money import money, split
from shop.terms.wording import day

# A gift card is money already, and delivery is charged at cost.
NEVER_DISCOUNTED = frozenset({"gift_card", "shipping"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Either `percent` or `amount_minor`; no `kinds` or `slugs` means that every line is covered."""

    name: str
    percent: str | None = None
    amount_minor: int | None = None
    currency: str = "GBP"
    kinds: frozenset[str] = frozenset()
    slugs: frozenset[str] = frozenset()
    least_minor: int = 0
    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount_minor is None):
            raise ValueError("a code takes off either a share or a sum")
        if self.percent is not None and not 0 < Decimal(self.percent) <= 100:
            raise ValueError("a share lies above 0 and up to 100 percent")
        if self.amount_minor is not None and self.amount_minor < 1:
            raise ValueError("a sum is at least one minor unit")

    def covers(self, kind: str, slug: str) -> bool:
        if kind in NEVER_DISCOUNTED:
            return False
        return (not self.kinds or kind in self.kinds) and (not self.slugs or slug in self.slugs)


def discounts(code: Code, eligible_minor: Sequence[int]) -> list[int]:
    """What the code takes off each line; rounded once (half up) for all of them, then split by price."""
    whole = sum(eligible_minor)
    if not whole:
        return [0] * len(eligible_minor)
    if code.percent is not None:
        off = int(Fraction(whole) * Fraction(code.percent) / 100 + Fraction(1, 2))
    else:
        off = min(code.amount_minor or 0, whole)
    return split(off, eligible_minor)


def refuse_unusable(code: Code, *, eligible_minor: int, on: date | None = None) -> None:
    """Raise Refused with the reason why a code does not apply to a bag on a day."""
    if on and code.starts_on and on < code.starts_on:
        raise Refused(f"The code {code.name} is valid from {day(code.starts_on)}.", field="code")
    if on and code.ends_on and on > code.ends_on:
        raise Refused(f"The code {code.name} was valid until {day(code.ends_on)}.", field="code")
    if not eligible_minor:
        raise Refused(f"The code {code.name} does not apply to anything in your bag.", field="code")
    if eligible_minor < code.least_minor:
        least = money(code.least_minor, code.currency, short=True)
        raise Refused(f"The code {code.name} needs {least} of what it applies to.", field="code")
