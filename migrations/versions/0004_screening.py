"""screening"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedJSON

revision = "0004_screening"
down_revision = "0003_parcel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "health_reading",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_reading")),
    )
    op.create_index(op.f("ix_health_reading_client_id"), "health_reading", ["client_id"])
    op.create_table(
        "screening",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("browser_hash", sa.Text(), nullable=True),
        sa.Column("answers", EncryptedJSON(), nullable=False),
        sa.Column("decision", EncryptedJSON(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("consent_version", WholeNumber, nullable=False),
        sa.Column("consent_at", UTCDateTime(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("asked_again_at", UTCDateTime(), nullable=True),
        sa.Column("signed_off_at", UTCDateTime(), nullable=True),
        sa.Column("signed_off_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_screening_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    op.create_index("ix_screening_client", "screening", ["client_id", "treatment"])
    op.create_index("ix_screening_browser", "screening", ["browser_hash"])
    for statement in append_only.statements("health_reading", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("screening")
    op.drop_table("health_reading")
