"""ingredient_names"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType, WholeNumber

revision = "0007"
down_revision = "0006_withdrawal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annex_entry",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("annex", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("substance", sa.Text(), nullable=False),
        sa.Column("names", JSONType, nullable=False),
        sa.Column("product_type", sa.Text(), nullable=False),
        sa.Column("maximum", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annex_entry")),
        sa.UniqueConstraint("annex", "reference", "substance", name=op.f("uq_annex_entry_annex_reference_substance")),
    )
    op.create_table(
        "ingredient_name",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cas", sa.Text(), nullable=False),
        sa.Column("ec", sa.Text(), nullable=False),
        sa.Column("functions", JSONType, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ingredient_name")),
    )


def downgrade() -> None:
    op.drop_table("ingredient_name")
    op.drop_table("annex_entry")
