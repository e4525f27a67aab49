"""The first page."""

from __future__ import annotations

from typing import Any

from flask import render_template
from sqlalchemy import select

from shop.catalog.finding import best_cards, packages_of, team
from shop.catalog.menu import menu_concerns
from shop.catalog.models import Treatment
from shop.core.settings import setting
from shop.storefront.faces import face_of
from shop.storefront.hero import on_the_shelf
from shop.storefront.money_words import country, currency
from shop.storefront.package_words import PackageCard, package_cards
from shop.storefront.pages import bp
from shop.storefront.promises import refund_promise
from shop.storefront.structured import clinic_data, written

CARDS, SHELF, FACES = 3, 9, 4


@bp.get("/")
def home() -> Any:
    shelf = best_cards(most=SHELF, currency=currency())
    return render_template(
        "storefront/home.html",
        hero=on_the_shelf(shelf, clinic=setting("clinic.name")),
        concerns=menu_concerns(),
        packages=_packages(),
        products=shelf,
        team=[face_of(person) for person in team(limit=FACES)],
        refund_promise=refund_promise(country()),
        json_ld=written(clinic_data()),
    )


def _packages() -> list[PackageCard]:
    """The usual series of the first treatments that can be paid for at once."""
    online = select(Treatment.id).where(Treatment.sold_as == "online")
    cards = package_cards(packages_of(online))
    usual = [card for card in cards if card.usual]
    return (usual or [card for card in cards if card.sessions > 1] or cards)[:CARDS]
