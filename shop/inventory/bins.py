"""Where an article lies: a short word for a place on the shelf, kept by article and location."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, db
from shop.core.errors import Refused
from shop.inventory.receiving import main_location

LONGEST = 20


class BinPlace(Base):
    """ "B 3" of one article at one location."""

    __tablename__ = "bin_place"

    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True, index=True)
    code: Mapped[str]


def put_in_bin(variant_id: int, code: str, *, location_id: int | None = None) -> None:
    """Say where it lies; an empty word forgets it. Raises Refused for a word that is too long."""
    code = " ".join(code.split()).upper()
    if len(code) > LONGEST:
        raise Refused(f"A place has at most {LONGEST} characters.", field="bin")
    at = {"variant_id": variant_id, "location_id": location_id or main_location().id}
    mine = BinPlace.variant_id == at["variant_id"], BinPlace.location_id == at["location_id"]
    db.session.execute(delete(BinPlace).where(*mine))
    if code:
        db.session.add(BinPlace(**at, code=code))
        db.session.flush()


def bins_of(variant_ids: Iterable[int]) -> dict[int, str]:
    """variant → its place; of several locations the first that has one."""
    ids = list(variant_ids)
    if not ids:
        return {}
    rows = select(BinPlace.variant_id, BinPlace.code).where(BinPlace.variant_id.in_(ids))
    found: dict[int, str] = {}
    for variant_id, code in db.session.execute(rows.order_by(BinPlace.location_id)):
        found.setdefault(variant_id, code)
    return found
