"""A brand changes what is in a bottle: the change is written down with its cause, and whoever holds the product is looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from shop.core import clock
from shop.core.outbox import put_all

KIND = "product.reformulated"


def lists_changed(changes: Iterable[tuple[int, str, str]]) -> None:
    """(product id, list before, list now) of products that were there before; equal lists say nothing.

    In the transaction that changes them. One statement, whatever their number.
    """
    moved = [(id, was, now) for id, was, now in changes if " ".join(was.split()) != " ".join(now.split())]
    put_all((KIND, {"product_id": id, "was": was, "now": now}, _key(id, was, now)) for id, was, now in moved)


def _key(product_id: int, was: str, now: str) -> str:
    """The same change on one day is one."""
    words = sha256(f"{was}\0{now}".encode()).hexdigest()[:16]
    return f"{KIND}:{product_id}:{clock.today()}:{words}"
