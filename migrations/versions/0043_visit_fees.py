"""a time is kept until its fee is due, and calling off late has a fee that was said at booking"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0043_visit_fees"
down_revision = "0042_closed_exports"
branch_labels = None
depends_on = None

NUMBERS = ("late_fee_minor", "owed_minor")


def upgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee_due_at", UTCDateTime(), nullable=True))
        for name in NUMBERS:
            batch_op.add_column(sa.Column(name, WholeNumber, server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("owed_order", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        for name in ("owed_order", *NUMBERS, "fee_due_at"):
            batch_op.drop_column(name)
