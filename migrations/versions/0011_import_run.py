"""files handed in through the browser"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0011_import_run"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("columns", JSONType, nullable=False),
        sa.Column("mapping", JSONType, nullable=False),
        sa.Column("key", JSONType, nullable=False),
        sa.Column("stock", WholeNumber, nullable=True),
        sa.Column("rows", WholeNumber, nullable=False),
        sa.Column("progress", WholeNumber, nullable=False),
        sa.Column("counts", JSONType, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("done_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state in ('new', 'checking', 'checked', 'applying', 'applied', 'broken')", name=op.f("ck_import_run_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("cause", name=op.f("uq_import_run_cause")),
    )


def downgrade() -> None:
    op.drop_table("import_run")
