"""notes about clients"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0036_client_notes"
down_revision = "0035_payouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_note",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_note_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_note")),
        sa.UniqueConstraint("cause", name=op.f("uq_client_note_cause")),
    )
    op.create_index("ix_client_note_client", "client_note", ["client_id", "id"])


def downgrade() -> None:
    op.drop_table("client_note")
