"""A bag line keeps the date of short-dated goods to which the buyer has agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0014_short_dated_goods"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bag_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accepts_end", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bag_line", schema=None) as batch_op:
        batch_op.drop_column("accepts_end")
