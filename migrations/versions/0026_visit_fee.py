"""An appointment may cost a fee, paid by an order of its own."""

import sqlalchemy as sa
from alembic import op

from shop.core.db import WholeNumber

revision = "0026_visit_fee"
down_revision = "0025_saved_filter"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee_minor", WholeNumber, server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("fee_order", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_column("fee_order")
        batch_op.drop_column("fee_minor")
