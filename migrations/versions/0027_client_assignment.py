"""who of the staff looks after which client"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0027_client_assignment"
down_revision = "0026_visit_fee"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_assignment",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_assignment_client_id_client")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_client_assignment_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_assignment")),
        sa.UniqueConstraint("client_id", "user_id", name=op.f("uq_client_assignment_client_id_user_id")),
    )
    op.create_index("ix_client_assignment_user", "client_assignment", ["user_id", "client_id"])


def downgrade() -> None:
    op.drop_table("client_assignment")
