"""Names and rules of ingredients as the authorities publish them, and the clinic's own versions of the care rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


class IngredientName(Base):
    """One INCI name with its numbers; it makes the shop's own dictionary larger, never different."""

    __tablename__ = "ingredient_name"

    name: Mapped[str] = mapped_column(primary_key=True)
    cas: Mapped[str] = mapped_column(default="")
    ec: Mapped[str] = mapped_column(default="")
    functions: Mapped[list[str]]
    source: Mapped[str]


class AnnexEntry(Base):
    """What one annex of the cosmetics regulation says about one substance, as printed."""

    __tablename__ = "annex_entry"
    __table_args__ = (UniqueConstraint("annex", "reference", "substance"),)

    id: Mapped[IdPk]
    annex: Mapped[str]
    reference: Mapped[str]
    substance: Mapped[str]
    names: Mapped[list[str]]
    product_type: Mapped[str] = mapped_column(default="")
    maximum: Mapped[str] = mapped_column(default="")
    conditions: Mapped[str] = mapped_column(default="")
    regulation: Mapped[str] = mapped_column(default="")


@append_only
class RuleVersion(Base):
    """One rule as the clinic wrote it; never changed, since decisions were made by it. `book` is "windows", "screening" …"""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("book", "rule", "version"),)

    id: Mapped[IdPk]
    book: Mapped[str]
    rule: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    source: Mapped[str]
    author: Mapped[str]
    review_on: Mapped[date]
    made_at: Mapped[datetime]
    by: Mapped[str]


@append_only
class RuleEdition(Base):
    """Which versions of a book's rules are in force together: {rule: version, or 0 for one that was taken out}.

    `base` is the shipped file it began from. Rolling back is a new edition with the versions of an old one.
    """

    __tablename__ = "rule_edition"
    __table_args__ = (UniqueConstraint("book", "number"),)

    id: Mapped[IdPk]
    book: Mapped[str]
    number: Mapped[int]
    base: Mapped[str]
    chosen: Mapped[dict[str, Any]]
    note: Mapped[str]
    made_at: Mapped[datetime]
    by: Mapped[str]


@append_only
class RuleSignature(Base):
    """The medical lead stands for the rules of a treatment, as they are in these editions: {book: version}."""

    __tablename__ = "rule_signature"

    id: Mapped[IdPk]
    treatment: Mapped[str] = mapped_column(index=True)
    editions: Mapped[dict[str, Any]]
    signed_at: Mapped[datetime]
    by: Mapped[str]
