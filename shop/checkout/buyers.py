"""A client as an order of the desk knows them: they agreed to the terms in front of whoever sells."""

from __future__ import annotations

from shop.accounts.models import Client
from shop.checkout.preparing import Buyer
from shop.core import clock
from shop.core.settings import setting
from shop.core.texts import current_versions


def buyer_of(client: Client, *, country: str | None = None) -> Buyer:
    version = current_versions("consent-terms").get("consent-terms", 0)
    return Buyer(
        email=client.email,
        name=client.name or client.email,
        phone=client.phone,
        delivery="none",
        address={},
        country=country or setting("clinic.country"),
        for_someone=None,
        consents=[{"kind": "consent-terms", "version": version, "at": clock.now().isoformat()}],
        client_id=client.id,
    )
