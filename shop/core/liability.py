"""Money taken for sessions is owed until each session is used, paid back or runs out; this adds it up for a span of time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shop.core.ledger import Move

# In which column of "money still owed in sessions" a move counts, and with which sign.
COLUMNS = {
    "grant": ("sold", 1),
    "upgrade": ("sold", -1),
    "swap": ("sold", -1),
    "redeem": ("redeemed", 1),
    "no_show": ("redeemed", 1),
    "reverse": ("redeemed", -1),
    "refund": ("refunded", 1),
    "unrefund": ("refunded", -1),
    "expire": ("expired", 1),
    "revive": ("expired", -1),
    "receive": ("moved_in", 1),
    "transfer": ("moved_in", -1),
    "gift": ("moved_in", -1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """Money owed in sessions over a span: opening + sold − redeemed − refunded − expired + moved_in = closing."""

    opening: int = 0
    sold: int = 0
    redeemed: int = 0
    refunded: int = 0
    expired: int = 0
    moved_in: int = 0

    @property
    def closing(self) -> int:
        return self.opening + self.sold - self.redeemed - self.refunded - self.expired + self.moved_in


def liability(moves: Iterable[Move], *, since: datetime, until: datetime, of: str = "net_minor") -> Liability:
    """What the clinic owed in sessions at `since`, what happened before `until`, and what it owes then."""
    sums: Counter[str] = Counter()
    for move in moves:
        column, sign = COLUMNS.get(move.kind, ("", 0))
        if move.at is None or move.at >= until or not sign:
            continue
        amount = sign * getattr(move, of)
        if move.at < since:
            column, amount = "opening", amount if column in {"sold", "moved_in"} else -amount
        sums[column] += amount
    return Liability(**sums)
