"""what days that are over have moved"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import WholeNumber

revision = "0044_closed_day"
down_revision = "0043_visit_fees"
branch_labels = None
depends_on = None

NUMBERS = ("sessions", "net_minor", "vat_minor")


def upgrade() -> None:
    op.create_table(
        "closed_day",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, WholeNumber, nullable=False) for name in NUMBERS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("day", "what", "kind", name=op.f("uq_closed_day_day_what_kind")),
    )
    for statement in append_only.statements("closed_day", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("closed_day")
