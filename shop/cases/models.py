"""One case and everything that was written down about it; words of clients and staff are sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON, EncryptedText

KINDS = {
    "reaction_session": "Reaction after a session",
    "reaction_product": "Reaction to a product",
    "complaint": "Complaint",
    "parcel": "Parcel",
}
REACTIONS = ("reaction_session", "reaction_product")


class Case(Base):
    """`content` is sealed: {"words", …} and, of a reaction, sign, since, weeks, the sessions and products with their lots.

    `outcome` is sealed too: {"result", "words"}. `cause` makes the same report one case, however often it is sent.
    """

    __tablename__ = "clinic_case"
    __table_args__ = (
        CheckConstraint("kind in ('reaction_session', 'reaction_product', 'complaint', 'parcel')", name="kind"),
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed"),
        Index("ix_clinic_case_open", "closed_at", "due_at"),
        Index("ix_clinic_case_client", "client_id", "closed_at"),
    )

    id: Mapped[IdPk]
    kind: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    visit_number: Mapped[str | None]
    order_number: Mapped[str | None]
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    outcome: Mapped[Any | None] = mapped_column(EncryptedJSON)

    @property
    def is_reaction(self) -> bool:
        return self.kind in REACTIONS


class CaseEntry(Base):
    """One line of what was done about a case: a note, a new owner, the closing."""

    __tablename__ = "case_entry"
    __table_args__ = (CheckConstraint("kind in ('note', 'owner', 'closed', 'opened again')", name="kind"),)

    id: Mapped[IdPk]
    case_id: Mapped[int] = mapped_column(ForeignKey("clinic_case.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime]
    by: Mapped[str]
