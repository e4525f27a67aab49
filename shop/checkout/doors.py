"""The door for Stripe's messages: signed ones are kept, everything else is refused, nothing is believed yet."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from shop.checkout.views import bp
from shop.core import clock
from shop.core.db import db
from shop.core.stops import reached
from shop.core.web import csrf
from shop.payments import inbox
from shop.payments.signatures import WebhookDoor


@bp.post("/stripe/webhook")
@csrf.exempt
def webhook() -> Any:
    """Keep the message, answer 200; what it means is found out afterwards, by reading from Stripe."""
    shop = current_app.config["SHOP"]
    door = WebhookDoor(shop.stripe_webhook_secrets, livemode=current_app.config["PAYMENT_MODE"] == "live")
    event = door.read(request.get_data(cache=False), request.headers.get("Stripe-Signature"), now=clock.now())
    inbox.take_in(event)
    db.session.commit()
    reached("after-inbox")
    return {"received": True}
