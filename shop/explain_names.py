"""Whether a treatment or an add-on that somebody typed into the shell is one that the rules or the clinic know.

A slip of the finger must not be answered by rules that then stay silent.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from shop.catalog.models import AddOn, Treatment
from shop.core.db import db
from shop.core.errors import NotFound

# What the shipped rules were written for; a clinic may have more.
TREATMENTS = frozenset(
    f"meso-{name}"
    for name in ["rejuvenation", "lines", "hydration", "scars", "pigmentation", "stretch-marks", "cellulite", "fat", "hair"]
)
ADDONS = frozenset(("led", "numbing", "peel", "aftercare-kit"))


def known_treatment(slug: str) -> str:
    """The same slug. Raises NotFound."""
    if slug not in TREATMENTS and db.session.scalar(select(Treatment.id).where(Treatment.slug == slug)) is None:
        raise NotFound(f"There is no treatment “{slug}”.")
    return slug


def known_addons(slugs: Iterable[str]) -> tuple[str, ...]:
    """The same slugs. Raises NotFound for the first that is none."""
    asked = tuple(slugs)
    for slug in asked:
        if slug not in ADDONS and db.session.scalar(select(AddOn.id).where(AddOn.slug == slug)) is None:
            raise NotFound(f"There is no add-on “{slug}”.")
    return asked
