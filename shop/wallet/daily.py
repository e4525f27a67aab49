"""Once a day sessions past their end leave the wallets, and clients hear of ends that come near."""

from __future__ import annotations

from shop.core import clock, outbox
from shop.wallet import periods, warning

KIND = "wallet.daily"


def promise_today() -> None:
    """The worker's sweep says this each minute; the day's work is promised once, on the clinic's own day."""
    today = clock.today().isoformat()
    outbox.put(KIND, {"day": today, "part": 1}, key=f"{KIND}:{today}:1")


def work(*, day: str, part: int) -> None:
    """Outbox handler: one batch of what has expired, then the next; the warnings go with the first."""
    if part == 1:
        warning.warn_due()
    if periods.expire_due() == periods.BATCH:
        outbox.put(KIND, {"day": day, "part": part + 1}, key=f"{KIND}:{day}:{part + 1}")
