"""counts behind the filters of the product list"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import WholeNumber

revision = "0002_facet_count"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facet_count",
        sa.Column("filter_kind", sa.Text(), nullable=False),
        sa.Column("filter_value", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("n", WholeNumber, nullable=False),
        sa.PrimaryKeyConstraint("filter_kind", "filter_value", "kind", "value", name=op.f("pk_facet_count")),
    )


def downgrade() -> None:
    op.drop_table("facet_count")
