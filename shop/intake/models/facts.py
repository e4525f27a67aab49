"""What holds for a person whatever the treatment: allergies, and whether she is pregnant or nursing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON


class ClientFacts(Base):
    """`facts` is sealed: {"allergies": ["fish", …], "pregnant": true, "pregnant_on": "2026-05-01"}.

    Belongs to a client, or to a browser as its answers do.
    """

    __tablename__ = "client_facts"
    __table_args__ = (CheckConstraint("(client_id is null) <> (browser_hash is null)", name="one_owner"),)

    id: Mapped[IdPk]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(unique=True)
    facts: Mapped[Any] = mapped_column(EncryptedJSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
