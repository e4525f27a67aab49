"""What somebody is about to buy, for guests by a cookie and for clients by their sign-in; and the codes that take something off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedText


class Bag(Base):
    """Found by the hash of the cookie's token, or by its user. `codes` are the names of what was typed in, `cards` the gift cards.

    A bag with `sold_by` is a sale at the desk: of that member of staff, to `client_id` where the person is known;
    `from_order` is the number of an unpaid order that it takes the place of.
    """

    __tablename__ = "bag"

    id: Mapped[IdPk]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    sold_by: Mapped[str | None] = mapped_column(index=True)
    from_order: Mapped[str | None]
    codes: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    cards: Mapped[list[int]] = mapped_column(default=list, server_default=text("'[]'"))
    made_at: Mapped[datetime]

    lines: Mapped[list[BagLine]] = relationship(lazy="raise_on_sql", order_by="BagLine.id", cascade="all, delete-orphan")


class BagLine(Base):
    """One product size, one package with its add-ons ({slug: count}), one box, or a gift card of `gift_minor`.

    `accepts_end` is the date of short-dated goods to which the buyer has agreed.
    """

    __tablename__ = "bag_line"
    __table_args__ = (
        CheckConstraint("quantity between 1 and 99", name="quantity"),
        CheckConstraint(
            "(case when variant_id is null then 0 else 1 end) + (case when package_id is null then 0 else 1 end)"
            " + (case when box_id is null then 0 else 1 end) + (case when gift_minor is null then 0 else 1 end) = 1",
            name="one_thing",
        ),
    )

    id: Mapped[IdPk]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id", ondelete="CASCADE"), index=True)
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    box_id: Mapped[int | None] = mapped_column(ForeignKey("box.id"))
    gift_minor: Mapped[int | None]
    gift: Mapped[dict[str, Any] | None]
    quantity: Mapped[int]
    addons: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    accepts_end: Mapped[date | None]


class DiscountCode(Base):
    """What takes something off; `uses` counts the orders that hold or have used it and is raised under the row's lock.

    No `kinds` and no `concerns`, `brands`, `packages` (slugs) mean that everything is covered.
    """

    __tablename__ = "discount_code"
    __table_args__ = (
        CheckConstraint("(percent is null) <> (amount_minor is null)", name="share_or_sum"),
        CheckConstraint("amount_minor is null or amount_minor > 0", name="amount"),
        CheckConstraint("uses >= 0 and least_minor >= 0", name="not_negative"),
        CheckConstraint("limit_each is null or limit_each > 0", name="limit_each"),
        CheckConstraint("limit_all is null or limit_all > 0", name="limit_all"),
    )

    id: Mapped[IdPk]
    name: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")
    percent: Mapped[str | None]
    amount_minor: Mapped[int | None]
    kinds: Mapped[list[str]]
    concerns: Mapped[list[str]]
    brands: Mapped[list[str]]
    packages: Mapped[list[str]]
    least_minor: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    limit_each: Mapped[int | None]
    limit_all: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ended_at: Mapped[datetime | None]


class CodeUse(Base):
    """One order that holds a code: from the moment its payment page opens until it lapses, for good once it is paid.

    A person is known by their file, or by the hash of the address that was typed.
    """

    __tablename__ = "code_use"
    __table_args__ = (
        UniqueConstraint("code_id", "order_number"),
        Index("ix_code_use_order", "order_number"),
        Index("ix_code_use_person", "code_id", "email_hash"),
    )

    id: Mapped[IdPk]
    code_id: Mapped[int] = mapped_column(ForeignKey("discount_code.id"))
    order_number: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    email_hash: Mapped[str]
    off_minor: Mapped[int]
    at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class GiftCard(Base):
    """Money that is owed to whoever holds the code. The code itself is kept sealed, and found again by its hash.

    `balance_minor` repeats the sum of the card's moves; it is raised and lowered with them, under the row's lock.
    """

    __tablename__ = "gift_card"
    __table_args__ = (
        CheckConstraint("balance_minor >= 0 and amount_minor > 0", name="amounts"),
        Index("ix_gift_card_order", "order_number"),
    )

    id: Mapped[IdPk]
    code_hash: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(EncryptedText)
    tail: Mapped[str]
    amount_minor: Mapped[int]
    balance_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True)
    order_number: Mapped[str | None]
    for_name: Mapped[str]
    from_name: Mapped[str]
    message: Mapped[str]
    made_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]


@append_only
class GiftCardMove(Base):
    """`amount_minor` is above zero; its kind says whether it came onto the card or left it (`cards.SIGNS`)."""

    __tablename__ = "gift_card_move"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("kind in ('issue', 'bring', 'spend', 'release', 'refund', 'void')", name="kind"),
        Index("ix_gift_card_move_card", "card_id", "id"),
        Index("ix_gift_card_move_order", "order_number"),
        Index("ix_gift_card_move_at", "at"),
    )

    id: Mapped[IdPk]
    card_id: Mapped[int] = mapped_column(ForeignKey("gift_card.id"))
    kind: Mapped[str]
    amount_minor: Mapped[int]
    order_number: Mapped[str | None]
    cause: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    by: Mapped[str]
