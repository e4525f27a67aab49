"""The checkout page, and the way back from Stripe."""

from __future__ import annotations

from flask import Blueprint, g

from shop.core.access import declare

bp = declare(Blueprint("checkout", __name__), "public")


@bp.before_request
def _private() -> None:
    g.private = True


from shop.checkout.views import buying, fees, linking, returning  # noqa: E402, F401 (fill the blueprint)
