"""requests for a consultation"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedJSON

revision = "0005_consultation_request"
down_revision = "0004_screening"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultation_request",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("wanted_when", sa.Text(), nullable=False),
        sa.Column("about", EncryptedJSON(), nullable=False),
        sa.Column("privacy_version", WholeNumber, nullable=False),
        sa.Column("agreed_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind in ('visit', 'answers')", name=op.f("ck_consultation_request_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_request")),
    )
    with op.batch_alter_table("consultation_request", schema=None) as batch_op:
        batch_op.create_index("ix_consultation_request_open", ["answered_at", "made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("consultation_request")
