"""cases take the place of reaction reports"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedJSON, EncryptedText

revision = "0017_cases"
down_revision = "0016_product_picture"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinic_case",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("visit_number", sa.Text(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("content", EncryptedJSON(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("owner_id", WholeNumber, nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("outcome", EncryptedJSON(), nullable=True),
        sa.CheckConstraint(
            "kind in ('reaction_session', 'reaction_product', 'complaint', 'parcel')", name=op.f("ck_clinic_case_kind")
        ),
        sa.CheckConstraint("(closed_at is null) = (outcome is null)", name=op.f("ck_clinic_case_closed")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_clinic_case_client_id_client")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_clinic_case_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_case")),
        sa.UniqueConstraint("cause", name=op.f("uq_clinic_case_cause")),
    )
    op.create_index("ix_clinic_case_client", "clinic_case", ["client_id", "closed_at"])
    op.create_index("ix_clinic_case_open", "clinic_case", ["closed_at", "due_at"])

    op.create_table(
        "case_entry",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("case_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", EncryptedText(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('note', 'owner', 'closed', 'opened again')", name=op.f("ck_case_entry_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["clinic_case.id"], name=op.f("fk_case_entry_case_id_clinic_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
    )
    op.create_index("ix_case_entry_case_id", "case_entry", ["case_id"])

    op.drop_index("ix_reaction_report_client_id", table_name="reaction_report")
    op.drop_index("ix_reaction_report_closed_at", table_name="reaction_report")

    op.drop_table("reaction_report")


def downgrade() -> None:
    op.create_table(
        "reaction_report",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_reaction_report_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction_report")),
    )
    op.create_index("ix_reaction_report_closed_at", "reaction_report", ["closed_at"])
    op.create_index("ix_reaction_report_client_id", "reaction_report", ["client_id"])

    op.drop_index("ix_case_entry_case_id", table_name="case_entry")

    op.drop_table("case_entry")
    op.drop_index("ix_clinic_case_open", table_name="clinic_case")
    op.drop_index("ix_clinic_case_client", table_name="clinic_case")

    op.drop_table("clinic_case")
