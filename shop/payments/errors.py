"""What can go wrong between the shop and Stripe, sorted by what the caller has to do about it."""

from __future__ import annotations

import re

from shop.core.errors import ShopError

_SECRETS = re.compile(r"\b(?:sk|rk|pk|whsec)_[\w*]+|\bBearer\s+\S+")


class PaymentProblem(ShopError):
    """Stripe did not do what was asked; `detail` is for the log and never holds a key.

    `code`, `param` and `request_id` are Stripe's own, where it gave any.
    """

    default_sentence = "The payment could not be prepared. Nothing was charged."

    def __init__(
        self,
        sentence: str | None = None,
        *,
        detail: str = "",
        code: str | None = None,
        param: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
        replayed: bool = False,
    ) -> None:
        super().__init__(sentence or self.default_sentence)
        self.detail = without_secrets(detail)
        self.code = code
        self.param = param
        self.http_status = http_status
        self.request_id = request_id
        # Stripe repeats a stored answer, a 500 included, for as long as it knows the key.
        self.replayed = replayed


class StripeDown(PaymentProblem):
    """No usable answer in time: it may or may not have happened. Ask again under the same key."""

    status = 503
    default_sentence = "Our payment provider is not answering at the moment. Nothing is lost; please try again in a minute."


class StripeRefused(PaymentProblem):
    """Stripe understood and said no, or the amount can never be charged: asking again is useless."""

    status = 422

    @property
    def is_missing(self) -> bool:
        """Whether the thing asked for does not exist in this Stripe account and mode."""
        return self.code == "resource_missing"


class BadKey(PaymentProblem):
    """The API key is wrong, revoked or may not do this: a person has to set it right."""

    status = 503
    default_sentence = "Paying by card is not set up correctly here. Nothing was charged; please contact us."


class IdempotencyMismatch(Exception):
    """One idempotency key was used for two different requests: a bug of ours, never the client's."""


class BadEvent(ShopError):
    """What came to the webhook door is not an event that Stripe signed for this shop."""

    status = 400


def without_secrets(text: str) -> str:
    """The same text with anything that looks like a key struck out."""
    return _SECRETS.sub("[key]", text)
