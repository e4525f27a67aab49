"""How many products stand behind each filter, counted beforehand: for the whole list and for one filter alone."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base


class FacetCount(Base):
    """With filter_kind = filter_value (both empty: the whole list) so many live products have kind = value."""

    __tablename__ = "facet_count"

    filter_kind: Mapped[str] = mapped_column(primary_key=True)
    filter_value: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
