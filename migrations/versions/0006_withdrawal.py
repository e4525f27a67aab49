"""An order can be called off in part, and months that are over are kept."""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0006_withdrawal"
down_revision = "0005_consultation_request"
branch_labels = None
depends_on = None

LEDGERS = ("withdrawal", "closed_month")


def upgrade() -> None:
    op.create_table(
        "closed_month",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        *(
            sa.Column(name, WholeNumber, nullable=False)
            for name in ("opening", "sold", "redeemed", "refunded", "expired", "moved_in")
        ),
        sa.Column("closed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_month")),
        sa.UniqueConstraint("month", "what", name=op.f("uq_closed_month_month_what")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        *(sa.Column(name, JSONType, nullable=False) for name in ("chosen", "said", "parts", "waiting")),
        *(
            sa.Column(name, WholeNumber, nullable=False)
            for name in ("refund_minor", "waiting_minor", "goodwill_minor", "vat_minor")
        ),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("currency", "rule", "version", "reason", "by")),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "refund_minor >= 0 and waiting_minor >= 0 and goodwill_minor >= 0", name=op.f("ck_withdrawal_amounts")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_withdrawal_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("cause", name=op.f("uq_withdrawal_cause")),
        sa.UniqueConstraint("code", name=op.f("uq_withdrawal_code")),
    )
    op.create_index(op.f("ix_withdrawal_order_id"), "withdrawal", ["order_id"])
    op.add_column("credit", sa.Column("express_at", UTCDateTime(), nullable=True))
    op.add_column("credit", sa.Column("express_version", WholeNumber, nullable=True))
    op.create_index("ix_credit_move_at", "credit_move", ["at", "credit_id"])
    with op.batch_alter_table("order_line") as line:
        line.add_column(sa.Column("called_off", WholeNumber, nullable=False, server_default="0"))
        line.create_check_constraint(op.f("ck_order_line_called_off"), "called_off between 0 and quantity - done")
    dialect = op.get_bind().dialect.name
    for table in LEDGERS:
        for statement in append_only.statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("order_line") as line:
        line.drop_constraint(op.f("ck_order_line_called_off"), type_="check")
        line.drop_column("called_off")
    op.drop_index("ix_credit_move_at", table_name="credit_move")
    op.drop_column("credit", "express_version")
    op.drop_column("credit", "express_at")
    op.drop_table("withdrawal")
    op.drop_table("closed_month")
