"""Single things of the catalogue by their address; what is not offered is not found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from shop.catalog.cards import CARD_ROW, PRODUCT, Card, read_cards, with_cards
from shop.catalog.models import (
    AddOn,
    Brand,
    Concern,
    Package,
    Product,
    ProductConcern,
    TeamMember,
    Treatment,
    addon_treatment,
    treatment_concern,
)
from shop.core.db import db, one_or_404
from shop.core.reading import Question


def get_concern(slug: str) -> Concern:
    """Raises NotFound."""
    return one_or_404(select(Concern).where(Concern.slug == slug), "This concern is not on our list.")


def get_treatment(slug: str) -> Treatment:
    """With its concerns. Raises NotFound."""
    wanted = select(Treatment).where(Treatment.slug == slug).options(selectinload(Treatment.concerns))
    return one_or_404(wanted, "This treatment is not on our list.")


def get_package(slug: str) -> Package:
    """A live package with its treatment. Raises NotFound."""
    wanted = select(Package).where(Package.slug == slug, Package.state == "live").options(joinedload(Package.treatment))
    return one_or_404(wanted, "This series is not offered any more.")


def get_product(slug: str) -> Product:
    """A live product with its brand. Raises NotFound."""
    wanted = select(Product).where(Product.slug == slug, Product.state == "live").options(joinedload(Product.brand))
    return one_or_404(wanted, "This product is not in the shop any more.")


def get_brand(slug: str) -> Brand:
    """Raises NotFound."""
    return one_or_404(select(Brand).where(Brand.slug == slug), "This brand is not in the shop.")


def get_team_member(slug: str) -> TeamMember:
    """Raises NotFound."""
    return one_or_404(select(TeamMember).where(TeamMember.slug == slug), "This person is not on our team.")


def team(*, limit: int | None = None) -> Sequence[TeamMember]:
    return db.session.scalars(select(TeamMember).order_by(TeamMember.position, TeamMember.id).limit(limit)).all()


def treatments_of(concern_id: int) -> Sequence[Treatment]:
    """What the clinic does about a concern, what is made for it alone before what serves several."""
    link, all_links = treatment_concern.c, treatment_concern.alias("all_links").c
    serves = select(func.count()).where(all_links.treatment_id == Treatment.id).scalar_subquery()
    serving = select(Treatment).join(treatment_concern, link.treatment_id == Treatment.id)
    wanted = serving.where(link.concern_id == concern_id).order_by(serves, Treatment.position, Treatment.id)
    return db.session.scalars(wanted).all()


def treatments_with_prices() -> Sequence[Any]:
    """Each treatment with the price of its cheapest live series, None while it has none."""
    cheapest = func.min(Package.price_minor).filter(Package.state == "live", Package.kind != "upkeep")
    columns = (Treatment.slug, Treatment.name, Treatment.intro, Treatment.sold_as, cheapest.label("from_minor"))
    listed = select(*columns).outerjoin(Package, Package.treatment_id == Treatment.id)
    return db.session.execute(listed.group_by(Treatment.id).order_by(Treatment.position, Treatment.id)).all()


def packages_of(treatment_ids: Sequence[int] | Select[Any]) -> Sequence[Package]:
    """The live packages of some treatments (numbers, or a query for them) in the clinic's order, with their treatments."""
    wanted = select(Package).where(Package.treatment_id.in_(treatment_ids), Package.state == "live")
    ordered = wanted.join(Treatment).order_by(
        Treatment.position, Treatment.id, Package.position, Package.sessions, Package.id
    )
    return db.session.scalars(ordered.options(joinedload(Package.treatment))).all()


def addons_of(treatment_id: int) -> Sequence[AddOn]:
    offered = select(AddOn).join(addon_treatment, addon_treatment.c.addon_id == AddOn.id)
    return db.session.scalars(offered.where(addon_treatment.c.treatment_id == treatment_id).order_by(AddOn.id)).all()


def links_of(product_id: int) -> Sequence[ProductConcern]:
    """Why a product stands where: the essential links first, each with its concern."""
    links = (
        select(ProductConcern).where(ProductConcern.product_id == product_id).options(joinedload(ProductConcern.concern))
    )
    return db.session.scalars(links.order_by(ProductConcern.role, ProductConcern.line, ProductConcern.id)).all()


def linked_cards(concern_ids: Sequence[int], *, currency: str, most: int = 120) -> list[tuple[Card, Row[Any]]]:
    """The best known products of some concerns with each link that says why, essential ones first; one statement."""
    rows = _LINKED.ask(concern_ids=list(concern_ids), most=most)
    return list(zip(read_cards(rows, currency=currency), rows, strict=True))


def cards_beside(concern_id: int, step: str | None, *, currency: str, most: int = 6) -> list[Card]:
    """What people use beside a product: the best known of other steps that serve the same concern."""
    rows = _BESIDE.ask(concern_id=concern_id, step=step or "", most=most)
    return read_cards(rows, currency=currency)


def best_cards(*, currency: str, most: int) -> list[Card]:
    """The products people ask for most, in stock."""
    return read_cards(_BEST.ask(most=most), currency=currency)


def chosen_cards(slugs: Sequence[str], *, currency: str) -> dict[str, Card]:
    """Live products by their slugs."""
    rows = _CHOSEN.ask(slugs=list(slugs)) if slugs else []
    return {card.slug: card for card in read_cards(rows, currency=currency)}


def _linked() -> Select[Any]:
    """Walks the products from the best known on, so that a concern of many thousand products costs no more than one of few."""
    link = ProductConcern.__table__.c
    concerns = link.concern_id.in_(bindparam("concern_ids", expanding=True))
    serves = select(link.id).where(link.product_id == PRODUCT.id, concerns).exists()
    wanted = select(*CARD_ROW).where(_LIVE, PRODUCT.gated.is_(False), serves)
    first = wanted.order_by(PRODUCT.popularity.desc(), PRODUCT.id.desc()).limit(bindparam("most")).subquery("linked")
    why = (link.phase, link.role, link.active, link.line, link.reason, link.concern_id)
    cards = with_cards(first, *why).join(ProductConcern.__table__, link.product_id == first.c.id).where(concerns)
    return cards.order_by(link.role, first.c.popularity.desc(), first.c.id, link.id)


def _popular(*conditions: Any) -> Select[Any]:
    wanted = select(*CARD_ROW).where(_LIVE, PRODUCT.gated.is_(False), *conditions)
    first = wanted.order_by(PRODUCT.popularity.desc(), PRODUCT.id.desc()).limit(bindparam("most")).subquery("popular")
    return with_cards(first).order_by(first.c.popularity.desc(), first.c.id.desc())


def _serves_concern() -> Any:
    link = ProductConcern.__table__.c
    return select(link.id).where(link.product_id == PRODUCT.id, link.concern_id == bindparam("concern_id")).exists()


_LIVE = PRODUCT.state == "live"
_LINKED = Question(_linked())
_BEST = Question(_popular(PRODUCT.in_stock.is_(True)))
_BESIDE = Question(_popular(_serves_concern(), PRODUCT.step != bindparam("step")))
_CHOSEN = Question(
    with_cards(select(*CARD_ROW).where(_LIVE, PRODUCT.slug.in_(bindparam("slugs", expanding=True))).subquery("chosen"))
)
