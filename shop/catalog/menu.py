"""The concerns that every page's menu names; each process reads them at most every few seconds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from shop.catalog.models import Concern
from shop.core import keeping

KEPT = "menu-concerns"


def menu_concerns() -> list[Row[Any]]:
    """id, slug, name, label, blurb, hue and drawing of each concern, in the clinic's order."""
    return keeping.kept(KEPT, _read)


def forget() -> None:
    """Read again at the next page: after a change here."""
    keeping.forget(KEPT)


def _read(connection: Connection) -> list[Row[Any]]:
    named = (Concern.id, Concern.slug, Concern.name, Concern.label, Concern.blurb, Concern.hue, Concern.drawing)
    return list(connection.execute(select(*named).order_by(Concern.position, Concern.id)))
