"""What one session of a treatment takes from the shelf: ampoules and the like, which are kept in stock and never sold."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class TreatmentSupply(Base):
    """One line of a treatment's recipe: so many pieces of a variant for each session."""

    __tablename__ = "treatment_supply"
    __table_args__ = (
        UniqueConstraint("treatment_id", "variant_id"),
        CheckConstraint("units between 1 and 99", name="units"),
    )

    id: Mapped[IdPk]
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatment.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    units: Mapped[int]
