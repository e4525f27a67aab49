"""A small clinic with one of everything that a page can show, and an address for every route of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from shop.core.db import db
from shop.core.settings import change_setting, forget
from shop.starting import publish_first_texts
from tests.support import factories

UNKNOWN_TOKEN = "bm90LWEtdG9rZW4tb2Ytb3Vycw"
ASSETS = ("assets.", "static")


@dataclass(frozen=True)
class World:
    """What stands in the addresses: by the name of the argument, or by endpoint where that is not enough."""

    arguments: dict[str, str | int]
    endpoints: dict[str, dict[str, str | int]]

    def address(self, rule: Rule) -> str:
        """An address of this route. Raises KeyError naming the argument that has no example yet."""
        known = self.arguments | self.endpoints.get(rule.endpoint, {})
        missing = sorted(rule.arguments - set(known))
        if missing:
            raise KeyError(
                f"{rule.rule} ({rule.endpoint}): add an example for {', '.join(missing)} to tests/support/world.py"
            )
        _, path = rule.build({name: known[name] for name in rule.arguments}, append_unknown=False) or ("", "")
        return path


def make_world() -> World:
    """Needs an application context; commits."""
    publish_first_texts(by="the tests")
    for part in ("gift_cards.on", "reviews.on", "wishes.on", "reminders.bag"):
        change_setting(part, True, by="the tests")
    db.session.commit()
    forget()  # read by other connections from now on
    concern = factories.make_concern("fine-lines")
    treatment = factories.make_treatment("meso-lines", concerns=[concern])
    package = factories.make_package(treatment, slug="meso-lines-6")
    factories.make_package(treatment, sessions=1, slug="meso-lines-1")
    factories.make_addon("led", treatments=[treatment])
    brand = factories.make_brand(slug="solenne")
    product = factories.make_product(slug="calm-serum", brand=brand, stock=5)
    factories.make_link(product, concern)
    member = factories.make_team_member("ada")
    db.session.commit()
    slugs = {"concern": concern.slug, "treatment": treatment.slug, "package": package.slug, "brand": brand.slug}
    slugs |= {"product": product.slug, "picture": product.slug, "team_member": member.slug, "team": member.slug}
    pages = {"terms": "terms", "legal": "terms"}
    return World(
        arguments={
            "token": UNKNOWN_TOKEN,
            "number": "AG-000000",
            "id": 1,
            "line_id": 1,
            "code": "NOCODE",
            "name": "none.eml",
            "paper": "INV-0",
            "about": "treatment:meso-lines",
            "book": "windows",
            "rule": "retinoid",
            "end": "close",
            "turn": "aside",
            "step": "order",
            "group": "clinic",
            **slugs,
        },
        endpoints={
            "storefront.tell_me": {"slug": product.slug},
            **{f"admin.{name}": {"kind": "terms", "id": 1} for name in ("text", "publish_text", "text_version")},
            **{f"admin.{name}": {"step": "clinic"} for name in ("setup_step", "keep_step", "skip_step")},
            "admin.empty_table": {"kind": "clients"},
            "storefront.uploaded_picture": {"name": f"{'0' * 24}-400.webp"},
            **{
                f"{package}.{name}": {"slug": slug} for package in ("storefront", "catalog") for name, slug in slugs.items()
            },
            **{
                f"storefront.{name}": {"name": page, "kind": page, "page": page, "slug": page}
                for name, page in pages.items()
            },
        },
    )


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every route that answers this method, files of the design apart."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if method in (rule.methods or ()) and not rule.endpoint.startswith(ASSETS):
            yield rule
