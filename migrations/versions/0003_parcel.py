"""parcels, and the orders that wait to be sent"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0003_parcel"
down_revision = "0002_facet_count"
branch_labels = None
depends_on = None

TO_SEND = "state = 'placed' and fulfilment in ('open', 'part') and delivery in ('ship', 'collect')"


def upgrade() -> None:
    op.create_table(
        "parcel",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking", sa.Text(), nullable=False),
        sa.Column("lines", JSONType, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("delivery in ('ship', 'collect')", name=op.f("ck_parcel_delivery")),
        sa.CheckConstraint("state in ('ready', 'left', 'undone')", name=op.f("ck_parcel_state")),
        sa.CheckConstraint("(state = 'left') = (left_at is not null)", name=op.f("ck_parcel_left_at")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_parcel_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("cause", name=op.f("uq_parcel_cause")),
    )
    op.create_index(op.f("ix_parcel_order_id"), "parcel", ["order_id"])
    where = sa.text(TO_SEND)
    op.create_index("ix_orders_to_send", "orders", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_orders_to_send", table_name="orders")
    op.drop_table("parcel")
