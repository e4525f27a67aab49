"""the results diary"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0034_results_diary"
down_revision = "0033_lot_cost"
branch_labels = None
depends_on = None

BEFORE = "purpose in ('letter', 'label', 'reaction')"
AFTER = "purpose in ('letter', 'label', 'reaction', 'diary')"
NAME = "ck_sealed_file_purpose"


def upgrade() -> None:
    _settle_purposes(AFTER)
    op.create_table(
        "diary_entry",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("photo_id", WholeNumber, nullable=True),
        sa.Column("visit_number", sa.Text(), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_diary_entry_client_id_client")),
        sa.ForeignKeyConstraint(["photo_id"], ["sealed_file.id"], name=op.f("fk_diary_entry_photo_id_sealed_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entry")),
        sa.UniqueConstraint("photo_id", name=op.f("uq_diary_entry_photo_id")),
    )
    op.create_index("ix_diary_entry_client", "diary_entry", ["client_id", "day"])
    op.create_table(
        "diary_consent",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("entry_id", WholeNumber, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("text_version", WholeNumber, nullable=False),
        sa.Column("given_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "purpose in ('record', 'consultant', 'teaching', 'advertising')", name=op.f("ck_diary_consent_purpose")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["diary_entry.id"], name=op.f("fk_diary_consent_entry_id_diary_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_consent")),
    )
    standing = {"sqlite_where": sa.text("withdrawn_at is null"), "postgresql_where": sa.text("withdrawn_at is null")}
    op.create_index("uq_diary_consent_in_force", "diary_consent", ["entry_id", "purpose"], unique=True, **standing)
    op.create_index("ix_diary_consent_purpose", "diary_consent", ["purpose", "withdrawn_at"])


def downgrade() -> None:
    op.drop_table("diary_consent")
    op.drop_table("diary_entry")
    op.execute("delete from sealed_file where purpose = 'diary'")
    _settle_purposes(BEFORE)


def _settle_purposes(rule: str) -> None:
    with op.batch_alter_table("sealed_file") as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), rule)
