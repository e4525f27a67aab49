"""What a visit is about: a session of something bought, a consultation or a review, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from shop.catalog.models import AddOn, Package, Treatment
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import setting
from shop.visits.slots import Length
from shop.wallet.models import Credit

WORDS = {"consultation": "Consultation", "review": "Review", "session": "Session", "upkeep": "Upkeep session"}


@dataclass(frozen=True)
class Matter:
    """`credit` is what is used up, none for what is free; `slug` names the treatment, if there is one."""

    kind: str
    client_id: int
    name: str
    length: Length
    credit: Credit | None = None
    treatment_id: int | None = None
    slug: str | None = None
    is_first: bool = False

    @property
    def gives(self) -> str:
        return "anything" if self.treatment_id else "consultations"


def matter_of(credit: Credit) -> Matter:
    """One session of a credit: its treatment, its add-ons, and at the first the consultation that is included."""
    minutes, slug, kind = _facts(credit)
    is_first = credit.used + credit.held - credit.reserved == 0
    whole = minutes + _addon_minutes(credit.id) + (setting("visits.first_extra_minutes") if is_first else 0)
    return Matter(
        kind="upkeep" if kind == "upkeep" else "session",
        client_id=credit.client_id,
        name=credit.name,
        length=Length(whole, setting("visits.buffer_minutes")),
        credit=credit,
        treatment_id=credit.treatment_id,
        slug=slug,
        is_first=is_first,
    )


def free_matter(kind: str, *, client_id: int) -> Matter:
    """A consultation or a review, which cost nothing."""
    if kind not in ("consultation", "review"):
        raise Refused("A session needs something that it is taken from.", field="what")
    minutes = setting(f"visits.{kind}_minutes")
    return Matter(kind, client_id, WORDS[kind], Length(minutes, setting("visits.buffer_minutes")))


def _facts(credit: Credit) -> tuple[int, str | None, str]:
    """(minutes, slug of the treatment, kind of the package)"""
    package_kind = select(Package.kind).where(Package.id == credit.package_id).scalar_subquery()
    found = select(Treatment.minutes, Treatment.slug, package_kind).where(Treatment.id == credit.treatment_id)
    row = db.session.execute(found).first()
    return (row[0], row[1], row[2] or "series") if row else (setting("visits.session_minutes"), None, "series")


def _addon_minutes(credit_id: int) -> int:
    hang = select(func.sum(AddOn.minutes)).join(Credit, Credit.addon_id == AddOn.id)
    return int(db.session.scalar(hang.where(Credit.parent_id == credit_id, Credit.free > 0)) or 0)
