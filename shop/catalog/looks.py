"""Which drawing and hue a treatment carries: those of the concern that is most its own; read seldom, asked for often."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from shop.catalog.models import Concern, Treatment, treatment_concern
from shop.core.keeping import kept


class Look(NamedTuple):
    drawing: str
    hue: int


PLAIN = Look("plain", 30)


def look_of(treatment_id: int | None) -> Look:
    """The look of the concern that the fewest treatments share, the clinic's first of several; or a plain one."""
    return kept("treatment-looks", _read).get(treatment_id, PLAIN)


def _read(connection: Connection) -> dict[int | None, Look]:
    link = treatment_concern.c
    shared = select(link.concern_id, func.count().label("by")).group_by(link.concern_id).subquery()
    rows = (
        select(Treatment.id, Concern.drawing, Concern.hue)
        .join(treatment_concern, link.treatment_id == Treatment.id)
        .join(Concern, Concern.id == link.concern_id)
        .join(shared, shared.c.concern_id == Concern.id)
        .order_by(shared.c.by.desc(), Concern.position.desc(), Concern.id.desc())
    )
    return {row.id: Look(row.drawing, row.hue) for row in connection.execute(rows)}
