"""How long, and in how many threads at once, the shop waits for Stripe before it goes on without an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, Any

from shop.payments.errors import StripeDown

if TYPE_CHECKING:
    import requests

# One try may use this share of what is left, so that a second one fits in behind it.
_SHARE = 0.7
# What a retry needs: the SDK's pause before it (0.5 to 1 s) and a little time to be answered.
_RETRY_SECONDS = 1.2
# How long a call waits for one of the others to end.
_TURN_SECONDS = 1.5

_ends_at: ContextVar[float] = ContextVar("stripe_budget_ends_at")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything sent inside, retries and further pages included, has this much time together."""
    token = _ends_at.set(monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


class Bulkhead:
    """At most `most` calls at once in this process; one fewer may wait a moment for their turn, the rest are refused.

    Many buyers in one moment so get through, and a Stripe that hangs never takes the last of twice as many threads.
    """

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._waiting = threading.BoundedSemaphore(max(1, most - 1))

    def __enter__(self) -> None:
        if self._free.acquire(blocking=False):
            return
        if not self._waiting.acquire(blocking=False):
            raise StripeDown(detail="too many calls to Stripe are waiting already")
        try:
            if not self._free.acquire(timeout=_TURN_SECONDS):
                raise StripeDown(detail="too many calls to Stripe are waiting already")
        finally:
            self._waiting.release()

    def __exit__(self, *_: object) -> None:
        self._free.release()


class WithinBudget:
    """A requests session, as far as the SDK uses one, that knows how much time is left."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send within what is left. Raises an error that the SDK does not retry when no retry fits in."""
        from requests import exceptions

        left = _ends_at.get() - monotonic()
        if left <= 0:
            raise exceptions.RequestException("no time is left for Stripe")
        options["timeout"] = left * _SHARE if left > 2 * _RETRY_SECONDS else left
        try:
            return self._session.request(method, url, **options)
        except (exceptions.Timeout, exceptions.ConnectionError) as error:
            if _ends_at.get() - monotonic() < _RETRY_SECONDS:
                raise exceptions.RequestException(f"no time is left to retry: {error}") from error
            raise

    def close(self) -> None:
        self._session.close()
