"""A plan is written: checked against the rules for its client, kept as a version that never changes, its sums beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import current_app
from sqlalchemy import select, update

from shop.care.claims import lint
from shop.care.loading import claim_rules
from shop.catalog.checking_copy import sentence_for
from shop.catalog.models import Package
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict
from shop.core.history import record
from shop.plans import series
from shop.plans.checking import check, needs_reason
from shop.plans.codes import draw_code
from shop.plans.composing import Judged
from shop.plans.lines import PACKAGE, PRODUCT, Content, Line, in_order
from shop.plans.models import Plan, PlanItem, PlanText, PlanVersion
from shop.plans.person import Person
from shop.plans.shelf import Item, items_of


def write_plan(
    person: Person, content: Content, *, consultant_id: int, by: str, cause: str, protocol_id: int | None = None
) -> Plan:
    """A new draft with its first version. The same `cause` again is the same plan. Raises NotWritten."""
    known = db.session.scalars(select(Plan).where(Plan.cause == cause)).first()
    if known is not None:
        return known
    plan = Plan(
        code=draw_code(),
        client_id=person.client_id,
        consultant_id=consultant_id,
        protocol_id=protocol_id,
        state="draft",
        version=1,
        review_on=content.review_day,
        cause=cause,
        made_at=clock.now(),
    )
    kept = checked(person, content, by=by)
    db.session.add(plan)
    db.session.flush()
    _write_version(plan, 1, *kept, by=by)
    record(f"plan:{plan.id}", axis="state", was=None, now="draft", by=by)
    return plan


def write_version(plan: Plan, person: Person, content: Content, *, seen: int, by: str) -> int:
    """The next version, which the client sees once it is sent. Raises Conflict when somebody wrote one meanwhile."""
    kept = checked(person, content, by=by)
    number = seen + 1
    mine = update(Plan).where(Plan.id == plan.id, Plan.version == seen, Plan.state != "withdrawn")
    if not changed(mine.values(version=number, review_on=content.review_day)):
        raise Conflict("Somebody has changed this plan meanwhile. Open it again.")
    db.session.refresh(plan)
    _write_version(plan, number, *kept, by=by)
    return number


def checked(person: Person, content: Content, *, by: str) -> tuple[Content, Mapping[str, Item], Mapping[str, Judged]]:
    """The content at today's prices and names, with the sizes behind it. Raises NotWritten."""
    skus = [sku for line in content.lines for sku in (line.sku, line.substitute) if line.kind == PRODUCT]
    items = {sku: item for sku, item in items_of(skus).items() if item.is_sold}
    known = person.judge(items.values(), concern=content.concern)
    packages = _packages(content, only_live=True)
    lines = tuple(_today(line, items, packages, known, by) for line in content.lines)
    content = replace(content, lines=lines)
    check(content, known, today=clock.today(), lint=_promise_in, fits=series.refuse_what_does_not_fit)
    return replace(content, lines=in_order(content.lines)), items, known


def today_of(content: Content, shelf: Iterable[Item]) -> Content:
    """Names and prices of today, for a plan that is still being written; what is not known stays as typed."""
    items, packages = {item.sku: item for item in shelf}, _packages(content, only_live=True)
    lines = []
    for line in content.lines:
        if line.kind == PRODUCT and line.sku in items:
            item = items[line.sku]
            line = replace(line, name=item.title, price_minor=item.price_minor, step=line.step or item.step or "")
        elif line.kind == PACKAGE and line.package in packages:
            line = replace(line, name=packages[line.package].name, price_minor=packages[line.package].price_minor)
        elif line.own is not None:
            line = replace(line, name=series.name_of(line.own), price_minor=line.own.price_minor)
        lines.append(line)
    return replace(content, lines=tuple(lines))


def content_of(plan_id: int, number: int) -> Content | None:
    """What one version says; None once the person has been forgotten."""
    from shop.plans.lines import read_content

    mine = select(PlanText.content).join(PlanVersion, PlanVersion.id == PlanText.version_id)
    row = db.session.execute(mine.where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)).first()
    return read_content(row.content) if row else None


def _today(
    line: Line, items: Mapping[str, Item], packages: Mapping[str, Package], known: Mapping[str, Judged], by: str
) -> Line:
    if line.kind == PRODUCT and line.sku in items:
        item = items[line.sku]
        needs = needs_reason(line, known)
        reason = line.override.strip() if needs else ""
        whose = (line.overridden_by or by) if reason else ""
        step = line.step or item.step or ""
        line = replace(line, name=item.title, price_minor=item.price_minor, step=step)
        line = replace(line, verdict=known[line.sku].verdict, inci=item.label.text)
        return replace(line, override=reason, overridden_by=whose)
    if line.kind == PACKAGE:
        package = packages.get(line.package)
        price = package.price_minor if package else 0
        return replace(
            line, package=package.slug if package else "", name=package.name if package else "", price_minor=price
        )
    if line.own is not None:
        return replace(line, price_minor=line.own.price_minor, name=series.name_of(line.own), quantity=1)
    return line if line.is_bought else replace(line, price_minor=0, quantity=1)


def _packages(content: Content, *, only_live: bool = False) -> dict[str, Package]:
    """By slug. What somebody types is looked for among the live ones alone: a private series belongs to its client."""
    slugs = [line.package for line in content.lines if line.package]
    if not slugs:
        return {}
    wanted = select(Package).where(Package.slug.in_(slugs))
    wanted = wanted.where(Package.state == "live") if only_live else wanted
    return {one.slug: one for one in db.session.scalars(wanted)}


def _promise_in(text: str) -> str:
    """The first promise that a rule speaks against, as a sentence."""
    hits = lint(text, rules=claim_rules()) if text else []
    return sentence_for(hits[0]) if hits else ""


def _write_version(
    plan: Plan, number: int, content: Content, items: Mapping[str, Item], known: Mapping[str, Judged], *, by: str
) -> None:
    content = series.with_packages(content, plan=plan, number=number, by=by)
    version = PlanVersion(
        plan_id=plan.id,
        number=number,
        outcome=content.outcome,
        total_minor=content.total_minor,
        optional_minor=content.optional_minor,
        currency=current_app.config["SHOP"].currency,
        digest=content.digest,
        by=by,
        made_at=clock.now(),
    )
    db.session.add(version)
    db.session.flush()
    db.session.add(PlanText(version_id=version.id, content=content.as_json()))
    packages = {slug: one.id for slug, one in _packages(content).items()}
    slot = 0
    for place, line in enumerate(content.lines):
        if not line.is_bought:
            continue
        is_slotted = line.kind == PRODUCT and line.is_essential
        slot += is_slotted
        forbidden = line.kind == PRODUCT and needs_reason(line, known)
        db.session.add(
            PlanItem(
                version_id=version.id,
                position=place,
                variant_id=items[line.sku].variant_id if line.kind == PRODUCT else None,
                package_id=None if line.kind == PRODUCT else packages[line.package],
                role=line.role,
                essential_slot=slot if is_slotted else None,
                quantity=line.quantity,
                price_minor=line.price_minor,
                clearance="person" if forbidden else "rules",
                cleared_by=line.overridden_by if forbidden else None,
            )
        )
    db.session.flush()
