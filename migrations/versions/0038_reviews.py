"""what buyers say, who was asked, and which letters a client wants"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0038_reviews"
down_revision = "0037_lot_on_market"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_choice",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('reviews', 'reminders')", name=op.f("ck_letter_choice_kind")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_letter_choice_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_choice")),
        sa.UniqueConstraint("client_id", "kind", name=op.f("uq_letter_choice_client_id_kind")),
    )
    op.create_table(
        "review",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("stars", WholeNumber, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("turn", WholeNumber, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (decided_at is null)", name=op.f("ck_review_decided")),
        sa.CheckConstraint("state in ('waiting', 'shown', 'stars', 'declined')", name=op.f("ck_review_state")),
        sa.CheckConstraint("stars between 1 and 5", name=op.f("ck_review_stars")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_review_client_id_client")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_review_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("product_id", "client_id", name=op.f("uq_review_product_id_client_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_client", ["client_id"], unique=False)
        batch_op.create_index("ix_review_product", ["product_id", "state", "id"], unique=False)
        batch_op.create_index("ix_review_state", ["state", "id"], unique=False)

    op.create_table(
        "review_ask",
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_review_ask_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_review_ask")),
    )


def downgrade() -> None:
    op.drop_table("review_ask")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_state")
        batch_op.drop_index("ix_review_product")
        batch_op.drop_index("ix_review_client")

    op.drop_table("review")
    op.drop_table("letter_choice")
