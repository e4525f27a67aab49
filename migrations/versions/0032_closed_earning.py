"""what closed months have earned"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import WholeNumber

revision = "0032_closed_earning"
down_revision = "0031_stock_notice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_earning",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("vat_percent", sa.Text(), nullable=False),
        sa.Column("sessions", WholeNumber, nullable=False),
        sa.Column("earned_minor", WholeNumber, nullable=False),
        sa.Column("breakage_minor", WholeNumber, nullable=False),
        sa.Column("vat_sold_minor", WholeNumber, nullable=False),
        sa.Column("vat_back_minor", WholeNumber, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_earning")),
        sa.UniqueConstraint("month", "what", name=op.f("uq_closed_earning_month_what")),
    )
    for statement in append_only.statements("closed_earning", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("closed_earning")
