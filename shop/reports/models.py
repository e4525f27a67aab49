"""Months that are over do not change any more: their sums are kept, so that no report reads the whole ledger again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


@append_only
class ClosedMonth(Base):
    """What moved in one month for one thing that is sold in sessions, net in minor units; `what` "" is the whole month.

    `what` is "package:7", "addon:3" or "other". `shop check` compares these sums with the ledger.
    """

    __tablename__ = "closed_month"
    __table_args__ = (UniqueConstraint("month", "what"),)

    id: Mapped[IdPk]
    month: Mapped[date]
    what: Mapped[str]
    opening: Mapped[int]
    sold: Mapped[int]
    redeemed: Mapped[int]
    refunded: Mapped[int]
    expired: Mapped[int]
    moved_in: Mapped[int]
    closed_at: Mapped[datetime]


@append_only
class ClosedEarning(Base):
    """What one closed month earned with one thing; the row of `what` "" keeps in `earned_minor` what calling off left."""

    __tablename__ = "closed_earning"
    __table_args__ = (UniqueConstraint("month", "what"),)

    id: Mapped[IdPk]
    month: Mapped[date]
    what: Mapped[str]
    vat_percent: Mapped[str]
    sessions: Mapped[int]
    earned_minor: Mapped[int]
    breakage_minor: Mapped[int]
    vat_sold_minor: Mapped[int]
    vat_back_minor: Mapped[int]


@append_only
class ClosedDay(Base):
    """What moved on one day of the clinic for one thing in one way, net in minor units: the month that still runs is read
    from these days and from today's ledger. A day on which nothing moved is one row without a thing (`what`, `kind` "").
    """

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("day", "what", "kind"),)

    id: Mapped[IdPk]
    day: Mapped[date]
    what: Mapped[str]
    kind: Mapped[str]
    sessions: Mapped[int]
    net_minor: Mapped[int]
    vat_minor: Mapped[int]
