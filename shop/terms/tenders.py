"""Money goes back the way it came: over every means of payment, in proportion to what each still holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.core.errors import Refused
from shop.core.money import money, split


@dataclass(frozen=True, slots=True)
class Tender:
    """One payment towards an order: card, gift card, cash, terminal or bank transfer."""

    key: str
    paid_minor: int
    repaid_minor: int = 0

    @property
    def left_minor(self) -> int:
        return self.paid_minor - self.repaid_minor


def give_back(amount_minor: int, tenders: Sequence[Tender], *, currency: str = "GBP") -> list[tuple[str, int]]:
    """360.00 of 200.00 cash and 340.00 by terminal: 133.33 and 226.67. Raises Refused above what was paid.

    Shares follow what is left of each tender, not what was paid at first: so no tender ever gives
    more than it took, and any sequence of refunds ends with all of them at zero.
    """
    left = sum(tender.left_minor for tender in tenders)
    if amount_minor < 1:
        raise Refused("A refund is more than nothing.")
    if amount_minor > left:
        raise Refused(f"At most {money(left, currency)} can be paid back.")
    shares = split(amount_minor, [tender.left_minor for tender in tenders])
    return [(tender.key, share) for tender, share in zip(tenders, shares, strict=True) if share]
