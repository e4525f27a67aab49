"""A protocol meets a client: what is on the shelf, what the rules say, what is at home, and what the series costs today."""

from __future__ import annotations

from sqlalchemy import select

from shop.catalog.models import Package, Treatment
from shop.core import clock
from shop.core.db import db
from shop.plans.composing import Judged, Proposal, compose, judged
from shop.plans.person import Person, words_for
from shop.plans.protocols import Outline
from shop.plans.shelf import Item, items_for


def propose(
    outline: Outline, person: Person, *, skin: str | None = None
) -> tuple[Proposal, dict[str, Item], dict[str, Judged]]:
    """(proposal, sizes by SKU, what the rules say of each by SKU); two statements."""
    pinned = [slot.sku for slot in outline.slots if slot.sku]
    shelf = items_for(outline.concern, also=pinned)
    verdicts, sentences = words_for(shelf, person.calendar)
    known, matched = judged(outline.concern, shelf, verdicts, sentences, skin=skin)
    facts = {"owned": person.at_home, "package": package_for(outline.package), "on": clock.today()}
    proposal = compose(outline, shelf, known, matched, **facts)  # type: ignore[arg-type]
    return proposal, {item.sku: item for item in shelf}, {item.sku: known[item.slug] for item in shelf}


def package_for(slug: str) -> tuple[str, int] | None:
    """(name, price) of a series that is sold, at once or after a consultation; a plan unlocks it."""
    if not slug:
        return None
    wanted = select(Package.name, Package.price_minor).join(Treatment, Treatment.id == Package.treatment_id)
    row = db.session.execute(
        wanted.where(Package.slug == slug, Package.state == "live", Treatment.sold_as != "unsold")
    ).first()
    return (row.name, row.price_minor) if row else None
