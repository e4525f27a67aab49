"""a sale takes the place of an unpaid order"""

import sqlalchemy as sa
from alembic import op

revision = "0046_bag_from_order"
down_revision = "0045_client_email_lower"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bag", sa.Column("from_order", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bag") as batch:
        batch.drop_column("from_order")
