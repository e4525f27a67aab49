"""The part of Stripe's door behind which payouts are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shop.payments.errors import StripeRefused
from shop.payments.payout_answers import OWN, BalanceMove, PayoutAnswer, read_move, read_payout

_MOST_MOVES = 10_000
_PAYOUT = re.compile(r"po_\w{1,200}", re.ASCII)


class PayoutReads:
    """Mixed into the gateway; raises what every call of it raises."""

    _ask: Callable[..., Mapping[str, Any]]
    _ask_all: Callable[..., list[Mapping[str, Any]]]

    def get_payout(self, id: str) -> PayoutAnswer:
        """Read one payout afresh."""
        if not _PAYOUT.fullmatch(id):
            raise StripeRefused(code="resource_missing", detail="not a number of Stripe's", http_status=404)
        return read_payout(self._ask(lambda client: client.v1.payouts.retrieve(id)))

    def list_payouts(self, after: datetime) -> list[PayoutAnswer]:
        """Every payout that was made from that moment on, oldest first."""
        params: Any = {"created": {"gte": int(after.timestamp())}, "limit": 100}
        return [read_payout(data) for data in reversed(self._ask_all(lambda client: client.v1.payouts.list(params)))]

    def list_moves(self, payout_id: str) -> list[BalanceMove]:
        """What an automatic payout is made of, oldest first, without the payout's own entry."""
        params: Any = {"payout": payout_id, "limit": 100, "expand": ["data.source"]}
        found = self._ask_all(lambda client: client.v1.balance_transactions.list(params), most=_MOST_MOVES)
        return [move for move in (read_move(data) for data in reversed(found)) if move.kind != OWN]
