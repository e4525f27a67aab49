"""who waits for an article that is sold out"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0031_stock_notice"
down_revision = "0030_gift_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_notice",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("round", WholeNumber, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_notice_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_notice")),
        sa.UniqueConstraint("wish", name=op.f("uq_stock_notice_wish")),
    )
    with op.batch_alter_table("stock_notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stock_notice_open",
            ["variant_id"],
            unique=False,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        )


def downgrade() -> None:
    with op.batch_alter_table("stock_notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_stock_notice_open", sqlite_where=sa.text("ended_at is null"), postgresql_where=sa.text("ended_at is null")
        )

    op.drop_table("stock_notice")
