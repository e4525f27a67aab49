"""Concerns: all of them with the price list, and each with what helps, at the clinic and at home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template

from shop.catalog.finding import get_concern, packages_of, team, treatments_of, treatments_with_prices
from shop.catalog.menu import menu_concerns
from shop.catalog.models import Package, Treatment
from shop.core.templating import rendered
from shop.storefront.faces import face_of, looks_after_concern
from shop.storefront.money_words import currency
from shop.storefront.package_words import few_cards
from shop.storefront.pages import bp
from shop.storefront.price_list import price_rows
from shop.storefront.shelves import phases_of
from shop.storefront.structured import trail_data, written


@bp.get("/concerns")
def concerns() -> Any:
    rows = price_rows(treatments_with_prices())
    return render_template("storefront/concerns.html", concerns=menu_concerns(), treatments=rows)


@bp.get("/concerns/<slug>")
def concern(slug: str) -> Any:
    concern = get_concern(slug)
    treatments = treatments_of(concern.id)
    sold = [one for one in treatments if one.sold_as != "unsold"]
    packages = packages_of([one.id for one in sold])
    doctor_first = list(dict.fromkeys(line for one in treatments for line in one.doctor_first))
    return render_template(
        "storefront/concern.html",
        concern=concern,
        concern_html=rendered(concern.body_md),
        doctor_first=doctor_first,
        treatments=treatments,
        packages=few_cards(_in_order(packages, treatments)),
        needs_consultation=bool(sold) and all(one.sold_as == "consultation" for one in sold),
        phases=phases_of(concern.id, currency=currency()),
        person=looks_after_concern([face_of(one) for one in team()], concern),
        json_ld=written(trail_data(("Concerns", "/concerns"), (concern.label, f"/concerns/{concern.slug}"))),
    )


def _in_order(packages: Sequence[Package], treatments: Sequence[Treatment]) -> list[Package]:
    """What is made for this concern alone comes first, as in the list of treatments."""
    order = [one.id for one in treatments]
    return sorted(packages, key=lambda package: order.index(package.treatment_id))
