"""The clinic about itself: its people, how to reach it, its legal pages, the guide."""

from __future__ import annotations

from typing import Any

from flask import render_template

from shop.catalog.finding import get_team_member, team
from shop.catalog.menu import menu_concerns
from shop.core.errors import NotFound
from shop.core.templating import rendered
from shop.core.texts import LEGAL_PAGES, current_text
from shop.storefront import guiding
from shop.storefront.faces import face_of, looks_after
from shop.storefront.pages import bp
from shop.storefront.structured import clinic_data, written


@bp.get("/team")
def people() -> Any:
    return render_template("storefront/team.html", team=[face_of(person) for person in team()])


@bp.get("/team/<slug>")
def team_member(slug: str) -> Any:
    person = face_of(get_team_member(slug))
    return render_template(
        "storefront/team_member.html",
        person=person,
        bio_html=rendered(person.bio),
        looks_after=looks_after(person, menu_concerns()),
    )


@bp.get("/contact")
def contact() -> Any:
    return render_template("storefront/contact.html", json_ld=written(clinic_data()))


@bp.get("/legal/<kind>")
def legal(kind: str) -> Any:
    if kind not in LEGAL_PAGES:
        raise NotFound("This page is not among our legal pages.")
    text = current_text(kind)
    facts = {"title": text.title, "version": text.version, "changed_on": text.published_at}
    return render_template("storefront/legal.html", **facts, text_html=rendered(text.body_md))


@bp.get("/guide")
def guide() -> Any:
    text = guiding.guide_text()
    return render_template(
        "storefront/guide.html",
        days=guiding.days(),
        waits=guiding.waits(),
        windows=guiding.windows(),
        guide_html=rendered(text.body_md) if text else "",
    )
