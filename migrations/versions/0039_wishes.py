"""products kept for later, and who was reminded of a bag"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0039_wishes"
down_revision = "0038_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bag_reminder",
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_bag_reminder_client_id_client")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_bag_reminder")),
    )
    op.create_table(
        "wish",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_wish_client_id_client")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_wish_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("client_id", "product_id", name=op.f("uq_wish_client_id_product_id")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index("ix_wish_product", ["product_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index("ix_wish_product")

    op.drop_table("wish")
    op.drop_table("bag_reminder")
