"""One gateway per process, made when it is first needed."""

from __future__ import annotations

from flask import current_app

from shop.payments.gateway import Gateway


def gateway() -> Gateway:
    """The shop's door to Stripe, or to the stand-in when the configuration names one."""
    made: Gateway | None = current_app.extensions.get("gateway")
    if made is None:
        shop = current_app.config["SHOP"]
        made = Gateway(shop.stripe_api_key, api_base=shop.stripe_api_base or None)
        current_app.extensions["gateway"] = made
    return made
