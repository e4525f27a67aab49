"""Concerns, treatments, packages, add-ons and the team of the demo clinic."""

from __future__ import annotations

from shop.catalog.models import AddOn, Concern, Package, TeamMember, Treatment
from shop.core.db import db
from shop.demo.content.shapes import Content
from shop.demo.content.shapes import Package as PackageEntry
from shop.demo.content.shapes import Treatment as TreatmentEntry

PLAIN = ("slug", "name", "sold_as", "intro", "body_md", "minutes", "discomfort", "downtime", "results_show", "results_last")
LISTS = ("side_effects", "sets_apart", "doctor_first", "not_for")


def add_offers(content: Content) -> None:
    """Flushes, so that goods can point at concerns and boxes at packages."""
    concerns = {
        entry.slug: Concern(**entry.model_dump(), position=position) for position, entry in enumerate(content.concerns)
    }
    db.session.add_all(concerns.values())
    treatments = {entry.slug: _treatment(entry, concerns, position) for position, entry in enumerate(content.treatments)}
    db.session.add_all(treatments.values())
    db.session.flush()
    for position, entry in enumerate(content.packages):
        db.session.add(_package(entry, treatments[entry.treatment].id, position))
    for addon in content.addons:
        facts = addon.model_dump(exclude={"treatments", "vat_percent"})
        mine = [treatments[slug] for slug in addon.treatments]
        db.session.add(AddOn(**facts, vat_percent=str(addon.vat_percent), treatments=mine))
    for position, member in enumerate(content.team):
        db.session.add(TeamMember(**member.model_dump(), position=position))
    db.session.flush()


def _treatment(entry: TreatmentEntry, concerns: dict[str, Concern], position: int) -> Treatment:
    facts = {name: getattr(entry, name) for name in (*PLAIN, *LISTS, "upkeep")}
    stages = [stage.model_dump() for stage in entry.stages]
    mine = [concerns[slug] for slug in entry.concerns]
    return Treatment(**facts, stages=stages, concerns=mine, position=position)


def _package(entry: PackageEntry, treatment_id: int, position: int) -> Package:
    facts = entry.model_dump(exclude={"treatment", "vat_percent", "gaps"})
    gaps = [list(gap) for gap in entry.gaps]
    return Package(**facts, gaps=gaps, vat_percent=str(entry.vat_percent), treatment_id=treatment_id, position=position)
