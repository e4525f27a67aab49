"""What can go wrong, each with one sentence that the person may read."""

from __future__ import annotations


class ShopError(Exception):
    """Something the person can understand and act on; `field` names the form field it belongs to."""

    status = 400

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Refused(ShopError):
    """The request is understood but a rule of the shop forbids it; nothing was saved."""

    status = 422


class NotFound(ShopError):
    """It does not exist, or is another person's, which must look the same."""

    status = 404


class Forbidden(ShopError):
    """The person is known and may not do this."""

    status = 403


class Conflict(ShopError):
    """Somebody was quicker, or the thing changed since the person saw it."""

    status = 409


class TooMany(ShopError):
    """A written limit was reached; the sentence says when to try again."""

    status = 429
