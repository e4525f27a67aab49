"""A package changes: its gaps must fit into its validity, its neutral name tells nothing, what was sold stays as sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from shop.catalog.changing_prices import set_package_price
from shop.catalog.checking_copy import claims_in
from shop.catalog.models import Concern, Package, Treatment
from shop.catalog.publishing import STATES
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import record
from shop.wallet.series import Gap, gaps_for, parse_gaps, read_gaps, validity_problems

FACTS = ("name", "statement_name", "area", "sessions", "gaps", "validity_days", "single_minor", "vat_percent")
TELLING = "It stands on bank statements and labels: it must not name “{}”."


def change_package(package: Package, values: Mapping[str, Any], *, price_minor: int, by: str) -> bool:
    """Keep the new facts; orders and credits hold their own. False when nothing changed.

    `values["gaps"]` is text. Raises Refused naming the field: gaps that do not fit, claims, a telling neutral name.
    """
    gaps = stored_gaps(values["gaps"], sessions=values["sessions"], validity_days=values["validity_days"])
    _check_words(values["name"], values["statement_name"])
    facts = {**values, "gaps": gaps}
    moved = {name: [getattr(package, name), facts[name]] for name in FACTS if getattr(package, name) != facts[name]}
    for name, (_, value) in moved.items():
        setattr(package, name, value)
    if moved:
        record(f"package:{package.id}", axis="facts", was=None, now=", ".join(sorted(moved)), by=by, details=moved)
    return set_package_price(package, price_minor, by=by) or bool(moved)


def stored_gaps(text: str, *, sessions: int, validity_days: int) -> list[list[int | None]]:
    """ "7,7,14-28" for four sessions → [[7, null], [7, null], [14, 28]]; the last gap repeats when the list is shorter."""
    try:
        gaps: Sequence[Gap] = parse_gaps(text) if text else ()
        read_gaps(gaps)
    except Refused as refused:
        raise Refused(refused.sentence, field="gaps") from None
    if len(gaps) > sessions - 1:
        raise Refused(f"{sessions} sessions have {sessions - 1} gaps between them, not {len(gaps)}.", field="gaps")
    if sessions > 1 and not gaps:
        raise Refused("Say how many days lie between the sessions.", field="gaps")
    every = gaps_for(gaps, sessions=sessions)
    problems = validity_problems(every, validity_days=validity_days)
    if problems:
        raise Refused(problems[0], field="validity_days")
    return [[gap.least, gap.most] for gap in every]


def shown_gaps(gaps: Sequence[Any]) -> str:
    """The stored gaps as they are typed."""
    return ",".join(f"{least}-{most}" if most else str(least) for least, most in gaps)


def set_package_state(package: Package, state: str, *, by: str) -> bool:
    """Raises Refused for a package that cannot be used in time, or whose name promises too much."""
    if state not in STATES:
        raise Refused("Choose draft, live or archived.")
    if package.state == state:
        return False
    if state == "live":
        stored_gaps(shown_gaps(package.gaps), sessions=package.sessions, validity_days=package.validity_days)
        _check_words(package.name, package.statement_name)
    record(f"package:{package.id}", axis="state", was=package.state, now=state, by=by)
    package.state = state
    return True


def duplicate(package: Package, *, by: str) -> Package:
    """A draft like this one, to be changed: what was sold keeps the old one."""
    names = ("treatment_id", "kind", "name", "statement_name", "area", "sessions", "gaps", "validity_days", "price_minor")
    facts = {name: getattr(package, name) for name in (*names, "single_minor", "vat_percent", "position")}
    taken = set(db.session.scalars(select(Package.slug).where(Package.slug.startswith(package.slug, autoescape=True))))
    slug = next(name for n in range(2, 10**6) if (name := f"{package.slug}-{n}") not in taken)
    copy = Package(slug=slug, state="draft", **facts)
    db.session.add(copy)
    db.session.flush()
    record(f"package:{copy.id}", axis="state", was=None, now="draft", by=by, note=f"Like {package.slug}")
    return copy


def _check_words(name: str, statement_name: str) -> None:
    for field, sentence in claims_in({"name": name, "statement_name": statement_name}):
        raise Refused(sentence, field=field)
    telling = [*db.session.scalars(select(Concern.name)), *db.session.scalars(select(Treatment.name))]
    found = next((word for word in telling if word.casefold() in statement_name.casefold()), None)
    if found is not None:
        raise Refused(TELLING.format(found), field="statement_name")
