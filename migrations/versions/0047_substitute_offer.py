"""the client answers a substitute"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0047_substitute_offer"
down_revision = "0046_bag_from_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitute_offer",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("line_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'yes', 'no', 'gone')", name=op.f("ck_substitute_offer_state")),
        sa.CheckConstraint("(state = 'waiting') = (answered_at is null)", name=op.f("ck_substitute_offer_answered_at")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_substitute_offer_order_id_orders")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_substitute_offer_line_id_order_line")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_substitute_offer_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute_offer")),
        sa.UniqueConstraint("cause", name=op.f("uq_substitute_offer_cause")),
    )
    op.create_index("ix_substitute_offer_order_id", "substitute_offer", ["order_id"])
    op.create_index("ix_substitute_offer_line_id", "substitute_offer", ["line_id"])


def downgrade() -> None:
    op.drop_table("substitute_offer")
