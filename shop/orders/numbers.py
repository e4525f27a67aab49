"""Order numbers people can read out: a prefix and eight letters without look-alikes; they tell nothing about turnover."""

from __future__ import annotations

import secrets

from shop.core.settings import setting

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def draw_number() -> str:
    """31^8 numbers: a collision is refused by the database and the person tries again."""
    return setting("orders.number_prefix") + "".join(secrets.choice(ALPHABET) for _ in range(8))
