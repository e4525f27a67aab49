"""What a code can be for, and what it says of itself in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from shop.bag.models import CodeUse, DiscountCode
from shop.catalog.models import Brand, Concern, Package, Treatment
from shop.core.db import db
from shop.core.money import money
from shop.core.templating import day

MOST = 200


@dataclass(frozen=True)
class Offered:
    """slug → name of everything that can be ticked."""

    concerns: dict[str, str]
    brands: dict[str, str]
    packages: dict[str, str]


@dataclass(frozen=True)
class Row:
    code: DiscountCode
    off: str
    reach: str
    days: str
    uses: str
    off_minor: int
    state: tuple[str, str]


def offered() -> Offered:
    """Three statements."""
    packages = select(Package.slug, Treatment.name, Package.name).join(Treatment, Treatment.id == Package.treatment_id)
    rows = db.session.execute(packages.where(Package.state != "archived").order_by(Treatment.position, Package.position))
    return Offered(
        concerns=_names(select(Concern.slug, Concern.name).order_by(Concern.position, Concern.id)),
        brands=_names(select(Brand.slug, Brand.name).order_by(Brand.name)),
        packages={slug: f"{treatment}: {name}" for slug, treatment, name in rows},
    )


def listed(currency: str, today: date) -> list[Row]:
    """The newest first, at most MOST; two statements."""
    codes = list(db.session.scalars(select(DiscountCode).order_by(DiscountCode.id.desc()).limit(MOST)))
    held = select(CodeUse.code_id, func.sum(CodeUse.off_minor)).where(CodeUse.released_at.is_(None))
    sums = db.session.execute(held.where(CodeUse.code_id.in_([code.id for code in codes])).group_by(CodeUse.code_id))
    taken = {code_id: int(minor) for code_id, minor in sums}
    return [_row(code, taken.get(code.id, 0), currency, today) for code in codes]


def uses_of(code: DiscountCode, *, limit: int = 100) -> list[CodeUse]:
    """Orders that hold or used it, the newest first."""
    mine = select(CodeUse).where(CodeUse.code_id == code.id).order_by(CodeUse.id.desc())
    return list(db.session.scalars(mine.limit(limit)))


def state_of(code: DiscountCode, today: date) -> tuple[str, str]:
    if code.ended_at is not None or (code.ends_on and code.ends_on < today):
        return "Ended", "quiet"
    if code.limit_all is not None and code.uses >= code.limit_all:
        return "Used up", "quiet"
    if code.starts_on and code.starts_on > today:
        return "Not yet", "wait"
    return "Open", "good"


def _row(code: DiscountCode, off_minor: int, currency: str, today: date) -> Row:
    off = f"{code.percent} %" if code.percent else money(code.amount_minor or 0, currency, short=True)
    named = [(len(code.concerns), "concern"), (len(code.brands), "brand"), (len(code.packages), "package")]
    reach = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in named if count]
    kinds = "sessions" if "package" in code.kinds else "products" if code.kinds else ""
    whole = ", ".join([*reach, *([kinds] if kinds else [])]) or "everything"
    least = f", from {money(code.least_minor, currency, short=True)}" if code.least_minor else ""
    uses = f"{code.uses} of {code.limit_all}" if code.limit_all else str(code.uses)
    return Row(code, off, whole + least, _days(code), uses, off_minor, state_of(code, today))


def _days(code: DiscountCode) -> str:
    first = day(code.starts_on, weekday=False, year=True) if code.starts_on else ""
    last = day(code.ends_on, weekday=False, year=True) if code.ends_on else ""
    return f"{first} to {last}" if first and last else f"from {first}" if first else f"until {last}" if last else "always"


def _names(rows: Any) -> dict[str, str]:
    return dict(db.session.execute(rows).all())
