"""Who waits for a time to become free stands on a list."""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0020_visit_wish"
down_revision = "0019_packing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_wish",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("practitioner_id", WholeNumber, nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_why in ('', 'booked', 'withdrawn', 'over')", name=op.f("ck_visit_wish_ended")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_visit_wish_client_id_client")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_visit_wish_practitioner_id_practitioner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_wish")),
    )
    with op.batch_alter_table("visit_wish", schema=None) as batch_op:
        batch_op.create_index("ix_visit_wish_open", ["ended_at", "made_at"], unique=False)
        batch_op.create_index(
            "uq_visit_wish_open",
            ["client_id", "what"],
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        )


def downgrade() -> None:
    with op.batch_alter_table("visit_wish", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visit_wish_open", sqlite_where=sa.text("ended_at is null"), postgresql_where=sa.text("ended_at is null")
        )
        batch_op.drop_index("ix_visit_wish_open")

    op.drop_table("visit_wish")
