"""what lots cost"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import UTCDateTime, WholeNumber

revision = "0033_lot_cost"
down_revision = "0032_closed_earning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sheet_scan", sa.Column("unit_minor", WholeNumber, nullable=True))
    with op.batch_alter_table("purchase_line") as batch:
        batch.add_column(sa.Column("unit_minor", WholeNumber, nullable=True))
        batch.create_check_constraint(op.f("ck_purchase_line_unit_minor"), "unit_minor >= 0")
    op.create_table(
        "lot_cost",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("lot_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("units", WholeNumber, nullable=False),
        sa.Column("total_minor", WholeNumber, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('came', 'said')", name=op.f("ck_lot_cost_kind")),
        sa.CheckConstraint("units > 0 and total_minor >= 0", name=op.f("ck_lot_cost_amounts")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_cost_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_cost")),
        sa.UniqueConstraint("cause", name=op.f("uq_lot_cost_cause")),
    )
    op.create_index("ix_lot_cost_lot", "lot_cost", ["lot_id", "id"])
    for statement in append_only.statements("lot_cost", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("lot_cost")
    with op.batch_alter_table("purchase_line") as batch:
        batch.drop_constraint(op.f("ck_purchase_line_unit_minor"))
        batch.drop_column("unit_minor")
    with op.batch_alter_table("sheet_scan") as batch:
        batch.drop_column("unit_minor")
