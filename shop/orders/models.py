"""An order is what was agreed: prices, tax, law, consents and words as they were on that day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk

# Word for word the condition of a partial index: the desk asks for these orders on each of its pages.
TO_SEND = "state = 'placed' and fulfilment in ('open', 'part') and delivery in ('ship', 'collect')"
LINE_KINDS = ("variant", "package", "addon", "box", "gift_card", "upgrade", "consultation", "shipping")


class Order(Base):
    """States on two small axes of its own; what is paid is a sum over the money ledger.

    `codes` lists [name, minor units off], whose sum is `discount_minor`. `holds` lists [stock row, quantity] sorted by row: held while `state` is open, allocated once it is placed.
    A bag has at most one open order: two tabs, or two clicks, meet at the same payment page.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("state in ('open', 'placed', 'lapsed', 'cancelled')", name="state"),
        CheckConstraint("fulfilment in ('none', 'open', 'part', 'done', 'cancelled')", name="fulfilment"),
        CheckConstraint("total_minor >= 0 and vat_minor >= 0", name="amounts"),
        Index("ix_orders_state_made", "state", "made_at"),
        Index("ix_orders_placed", "placed_at", "id"),
        Index("ix_orders_email", "email"),
        Index("ix_orders_to_send", "id", sqlite_where=text(TO_SEND), postgresql_where=text(TO_SEND)),
        Index(
            "uq_orders_open_bag",
            "bag_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[IdPk]
    number: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    bag_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="open")
    fulfilment: Mapped[str] = mapped_column(default="none")
    email: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    delivery: Mapped[str]
    address: Mapped[dict[str, Any]]
    for_someone: Mapped[dict[str, Any] | None]
    country: Mapped[str]
    jurisdiction: Mapped[str]
    currency: Mapped[str]
    goods_minor: Mapped[int]
    sessions_minor: Mapped[int]
    delivery_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(default=0)
    codes: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    total_minor: Mapped[int]
    card_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    vat_minor: Mapped[int]
    has_sessions: Mapped[bool] = mapped_column(default=False)
    consents: Mapped[list[Any]]
    promise: Mapped[dict[str, Any]]
    holds: Mapped[list[Any]]
    made_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]

    lines: Mapped[list[OrderLine]] = relationship(lazy="raise_on_sql", order_by="OrderLine.position")

    @property
    def due_minor(self) -> int:
        """What is to be paid by card, at the desk or by transfer: the total less what gift cards pay (`card_minor`)."""
        return self.total_minor - self.card_minor


class OrderLine(Base):
    """`unit_gross` and `unit_vat` were split once; whatever is paid back later adds up these stored parts.

    Of goods `done` have left and `called_off` went back on the shelf before they could. Goods without a stock row are
    owed: they were not on the shelf and come later, if all goes well on `expected_on`.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint(
            "kind in ('variant', 'package', 'addon', 'box', 'gift_card', 'upgrade', 'consultation', 'shipping')",
            name="kind",
        ),
        CheckConstraint("quantity > 0 and gross_minor >= 0 and vat_minor >= 0", name="amounts"),
        CheckConstraint("done between 0 and quantity", name="done"),
        CheckConstraint("called_off between 0 and quantity - done", name="called_off"),
        Index("ix_order_line_stock", "stock_id"),
        Index("ix_order_line_variant", "variant_id"),
    )

    id: Mapped[IdPk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    parent_position: Mapped[int | None]
    kind: Mapped[str]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    addon_id: Mapped[int | None] = mapped_column(ForeignKey("addon.id"))
    box_id: Mapped[int | None] = mapped_column(ForeignKey("box.id"))
    stock_id: Mapped[int | None] = mapped_column(ForeignKey("stock.id"))
    name: Mapped[str]
    statement_name: Mapped[str]
    details: Mapped[dict[str, Any]]
    quantity: Mapped[int]
    list_minor: Mapped[int]
    gross_minor: Mapped[int]
    vat_percent: Mapped[str]
    vat_minor: Mapped[int]
    unit_gross: Mapped[list[int]]
    unit_vat: Mapped[list[int]]
    done: Mapped[int] = mapped_column(default=0)
    called_off: Mapped[int] = mapped_column(default=0, server_default="0")
    expected_on: Mapped[date | None]


class InvoiceSeries(Base):
    """The last number given in a series; numbers have no gaps because the row is locked while one is drawn."""

    __tablename__ = "invoice_series"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


@append_only
class Invoice(Base):
    """An invoice or a credit note, with everything that stands on it as it was issued."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("series", "serial"),
        CheckConstraint("kind in ('invoice', 'credit_note')", name="kind"),
    )

    id: Mapped[IdPk]
    series: Mapped[str]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    cause: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    gross_minor: Mapped[int]
    vat_minor: Mapped[int]
    currency: Mapped[str]
    issued_at: Mapped[datetime]


class Parcel(Base):
    """Goods of one order put together: `ready` on the shelf for collecting, `left` once shipped or handed over, `undone` when called off.

    `lines` lists [order line, units]; `cause` makes the same click twice one parcel.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        CheckConstraint("delivery in ('ship', 'collect')", name="delivery"),
        CheckConstraint("state in ('ready', 'left', 'undone')", name="state"),
        CheckConstraint("(state = 'left') = (left_at is not null)", name="left_at"),
    )

    id: Mapped[IdPk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    delivery: Mapped[str]
    state: Mapped[str]
    carrier: Mapped[str] = mapped_column(default="")
    tracking: Mapped[str] = mapped_column(default="")
    lines: Mapped[list[Any]]
    cause: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    by: Mapped[str]


@append_only
class Withdrawal(Base):
    """A client or the clinic has called off an order or a part of it: what was said, at what time, and what it came to.

    `parts` are the stored shares that go back at once, `waiting` those that go back with goods still under way;
    `said` is the explanation as it stood on the receipt.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (CheckConstraint("refund_minor >= 0 and waiting_minor >= 0 and goodwill_minor >= 0", name="amounts"),)

    id: Mapped[IdPk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    cause: Mapped[str] = mapped_column(unique=True)
    chosen: Mapped[list[str]]
    said: Mapped[list[Any]]
    parts: Mapped[list[Any]]
    waiting: Mapped[list[Any]]
    refund_minor: Mapped[int]
    waiting_minor: Mapped[int]
    goodwill_minor: Mapped[int]
    vat_minor: Mapped[int]
    currency: Mapped[str]
    rule: Mapped[str]
    version: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    made_at: Mapped[datetime]
