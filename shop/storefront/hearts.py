"""Whether the products of a page stand on the reader's list of wishes; nothing for whoever is not signed in."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g
from flask_login import current_user

from shop.core.settings import setting
from shop.wishes.wishing import wished_among


def hearts_of(product_ids: Iterable[int]) -> set[int] | None:
    """None where no heart is shown; else those that are kept, in one statement."""
    if not setting("wishes.on") or not current_user.is_authenticated:
        return None
    g.private = True  # what stands there now is one person's
    return wished_among(current_user.client_id, product_ids)
