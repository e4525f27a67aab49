"""payouts to the clinic's bank"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import UTCDateTime, WholeNumber

revision = "0035_payouts"
down_revision = "0034_results_diary"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payout",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_payout_stripe_id")),
    )
    op.create_index("ix_payout_arrives", "payout", ["arrives_on", "id"])
    op.create_table(
        "payout_line",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("payout_id", WholeNumber, nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("fee_minor", WholeNumber, nullable=False),
        sa.Column("net_minor", WholeNumber, nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("payment_intent", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind in ('charge', 'refund', 'refund_failure', 'dispute', 'dispute_reversal', 'fee', 'other')",
            name=op.f("ck_payout_line_kind"),
        ),
        sa.CheckConstraint("net_minor = amount_minor - fee_minor", name=op.f("ck_payout_line_net")),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_line_payout_id_payout")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_line")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_payout_line_stripe_id")),
    )
    op.create_index("ix_payout_line_payout", "payout_line", ["payout_id", "id"])
    op.create_index("ix_payout_line_intent", "payout_line", ["payment_intent"])
    for statement in append_only.statements("payout_line", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("payout_line")
    op.drop_table("payout")
