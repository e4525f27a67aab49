"""A series for one client alone is a package that no page lists: its gaps must fit into its validity like those of any other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from shop.catalog.models import Package, Treatment
from shop.core.db import db, one_or_404
from shop.core.errors import Refused
from shop.core.history import record
from shop.plans.lines import SERIES, Content, Own
from shop.plans.models import Plan
from shop.wallet.series import gaps_for, parse_gaps, read_gaps, validity_problems

PRIVATE = "private"
NEUTRAL = "Course of sessions"


def refuse_what_does_not_fit(own: Own) -> None:
    """Raises Refused naming the field."""
    gaps_of(own)


def gaps_of(own: Own) -> list[list[int | None]]:
    """ "14,14-28" for four sessions → [[14, null], [14, 28], [14, 28]]; the last gap repeats."""
    if own.sessions == 1:
        return []
    if not own.gaps.strip():
        raise Refused("Say how many days lie between the sessions.", field="gaps")
    try:
        typed = parse_gaps(own.gaps)
        read_gaps(typed)
    except Refused as refused:
        raise Refused(refused.sentence, field="gaps") from None
    if len(typed) > own.sessions - 1:
        raise Refused(f"{own.sessions} sessions have {own.sessions - 1} gaps between them.", field="gaps")
    every = gaps_for(typed, sessions=own.sessions)
    problems = validity_problems(every, validity_days=own.validity_days)
    if problems:
        raise Refused(problems[0], field="validity_days")
    return [[gap.least, gap.most] for gap in every]


def name_of(own: Own) -> str:
    count = "1 session" if own.sessions == 1 else f"{own.sessions} sessions"
    return f"{count}, {own.area}" if own.area else count


def with_packages(content: Content, *, plan: Plan, number: int, by: str) -> Content:
    """Each series of the client's own becomes a package that can be bought once it is unlocked."""
    lines = []
    for place, line in enumerate(content.lines):
        if line.kind == SERIES and line.own is not None:
            slug = f"own-{plan.code.lower()}-{number}-{place + 1}"
            _make(slug, line.own, by=by)
            line = replace(line, package=slug)
        lines.append(line)
    return replace(content, lines=tuple(lines))


def _make(slug: str, own: Own, *, by: str) -> None:
    treatment = one_or_404(select(Treatment).where(Treatment.slug == own.treatment), "There is no such treatment.")
    package = Package(
        slug=slug,
        treatment_id=treatment.id,
        kind="series" if own.sessions > 1 else "single",
        name=f"{treatment.name}, {name_of(own)}",
        statement_name=f"{NEUTRAL} ({own.sessions})",
        area=own.area,
        sessions=own.sessions,
        gaps=gaps_of(own),
        validity_days=own.validity_days,
        price_minor=own.price_minor,
        single_minor=-(-own.price_minor // own.sessions),
        state=PRIVATE,
    )
    db.session.add(package)
    db.session.flush()
    record(f"package:{package.id}", axis="state", was=None, now=PRIVATE, by=by)
