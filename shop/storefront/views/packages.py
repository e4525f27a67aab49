"""Treatments and the series that are sold of them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from flask import render_template
from sqlalchemy import select

from shop.catalog.finding import addons_of, get_package, get_treatment, packages_of
from shop.catalog.models import AddOn, Package, treatment_concern
from shop.core.db import db
from shop.core.money import money
from shop.core.templating import rendered
from shop.intake.signing import NOT_YET, unsigned
from shop.storefront.money_words import country, currency
from shop.storefront.package_words import (
    package_card,
    package_cards,
    refund_of,
    rhythm_words,
    saving_words,
    validity_words,
)
from shop.storefront.pages import bp
from shop.storefront.shelves import Row, routine_of
from shop.storefront.structured import trail_data, written

NUMBER_WORDS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}


@bp.get("/treatments/<slug>")
def treatment(slug: str) -> Any:
    treatment = get_treatment(slug)
    packages = packages_of([treatment.id]) if treatment.sold_as != "unsold" else []
    return render_template(
        "storefront/treatment.html",
        treatment=treatment,
        treatment_html=rendered(treatment.body_md),
        packages=package_cards(packages),
        needs_consultation=treatment.sold_as != "online",
        from_minor=min((one.price_minor for one in packages if one.kind != "upkeep"), default=0),
        json_ld=written(trail_data(("Concerns", "/concerns"), (treatment.name, f"/treatments/{slug}"))),
    )


@bp.get("/packages/<slug>")
def package(slug: str) -> Any:
    package = get_package(slug)
    treatment = package.treatment
    siblings = [one for one in packages_of([treatment.id]) if one.area == package.area]
    card, is_unsigned = package_card(package), bool(unsigned([treatment.slug]))
    series = {name: getattr(card, name) for name in ("slug", "name", "gaps", "upkeep_days", "sessions", "price_minor")}
    return render_template(
        "storefront/package.html",
        package=SimpleNamespace(**series, treatment=treatment, lowest_minor=package.lowest_minor),
        summary=_summary(package),
        siblings=[SimpleNamespace(slug=one.slug, words=_length(one), price_minor=one.price_minor) for one in siblings],
        addons=_addons(package, addons_of(treatment.id)),
        unlocked=treatment.sold_as == "online" and not is_unsigned,
        not_yet=NOT_YET if is_unsigned else "",
        add_words=f"Add {_length(package).lower()}",
        per_session_words=_per_session(package),
        saving_words=saving_words(package, currency=currency()),
        screening_words="A few health questions come before payment. If now is not the right time, nothing is charged.",
        validity_words=validity_words(package),
        refund=refund_of(package, currency=currency(), country=country()),
        included=_included(package),
        routine=_routine(treatment.id),
        json_ld=written(
            trail_data(("Treatments", "/concerns#treatments"), (treatment.name, f"/treatments/{treatment.slug}"))
        ),
    )


def _routine(treatment_id: int) -> list[Row]:
    serves = select(treatment_concern.c.concern_id).where(treatment_concern.c.treatment_id == treatment_id)
    return routine_of(list(db.session.scalars(serves)), currency=currency())


def _summary(package: Package) -> str:
    sessions = (
        "One session" if package.sessions == 1 else f"{NUMBER_WORDS.get(package.sessions, package.sessions)} sessions"
    )
    rhythm = rhythm_words(package)
    return f"{sessions} of about {package.treatment.minutes} minutes. {package.area}, {rhythm[:1].lower()}{rhythm[1:]}."


def _length(package: Package) -> str:
    if package.kind == "upkeep":
        return "Upkeep session"
    return "One session" if package.sessions == 1 else f"{package.sessions} sessions"


def _per_session(package: Package) -> str:
    return f"{money(package.per_session_minor, currency())} a session" if package.sessions > 1 else "one session"


def _addons(package: Package, offered: Iterable[AddOn]) -> list[SimpleNamespace]:
    """Each says what it does not go with, from whichever of the two it is written."""
    listed = list(offered)
    names = {addon.slug: addon.name for addon in listed}
    against = {
        one.slug: sorted({other.slug for other in listed if other.slug in one.not_with or one.slug in other.not_with})
        for one in listed
    }
    return [
        SimpleNamespace(
            slug=addon.slug,
            name=addon.name,
            blurb=addon.blurb,
            total_minor=addon.per_session_minor * package.sessions,
            not_with=" ".join(against[addon.slug]),
            clash_words=" or ".join(names[slug] for slug in against[addon.slug]),
        )
        for addon in listed
    ]


def _included(package: Package) -> list[str]:
    sessions = "One session" if package.sessions == 1 else f"{package.sessions} sessions"
    return [
        f"{sessions} of about {package.treatment.minutes} minutes.",
        "A consultation at the first visit. If the treatment turns out not to suit you, you get everything back.",
        "The solution from sealed single-use vials, opened in front of you.",
        "Photographs before the first session and at the review.",
        "Your calendar: what to use and what to leave, day by day.",
    ]
