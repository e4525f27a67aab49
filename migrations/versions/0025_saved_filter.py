"""Lists of orders that staff have given a name."""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType, WholeNumber

revision = "0025_saved_filter"
down_revision = "0024_history_seal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wanted", JSONType, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_saved_filter_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filter_user_id_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_filter")
