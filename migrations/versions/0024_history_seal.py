"""The audit trail is sealed in batches."""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import UTCDateTime, WholeNumber

revision = "0024_history_seal"
down_revision = "0023_treatment_supply"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history_seal",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("last_id", WholeNumber, nullable=False),
        sa.Column("rows", WholeNumber, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_seal")),
        sa.UniqueConstraint("last_id", name=op.f("uq_history_seal_last_id")),
    )
    for statement in append_only.statements("history_seal", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("history_seal")
