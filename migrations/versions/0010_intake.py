"""drafts, facts, consents, patch tests, cupboards, letters and reports"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedBytes, EncryptedJSON, EncryptedText

revision = "0010"
down_revision = "0009_stock_sheet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_facts",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("browser_hash", sa.Text(), nullable=True),
        sa.Column("facts", EncryptedJSON(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("(client_id is null) <> (browser_hash is null)", name=op.f("ck_client_facts_one_owner")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_facts_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_facts")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_client_facts_browser_hash")),
        sa.UniqueConstraint("client_id", name=op.f("uq_client_facts_client_id")),
    )
    op.create_table(
        "informed_consent",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("text_kind", sa.Text(), nullable=False),
        sa.Column("text_version", WholeNumber, nullable=False),
        sa.Column("signed_name", EncryptedText(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_informed_consent_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_informed_consent")),
    )
    op.create_index("ix_informed_consent_client", "informed_consent", ["client_id", "about"])

    op.create_table(
        "patch_test",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("content", EncryptedJSON(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("(read_on is null) = (expires_on is null)", name=op.f("ck_patch_test_read")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_patch_test_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patch_test")),
    )
    op.create_index("ix_patch_test_client", "patch_test", ["client_id", "about"])

    op.create_table(
        "reaction_report",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("content", EncryptedJSON(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("outcome", EncryptedJSON(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_reaction_report_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction_report")),
    )
    op.create_index("ix_reaction_report_client_id", "reaction_report", ["client_id"])
    op.create_index("ix_reaction_report_closed_at", "reaction_report", ["closed_at"])

    op.create_table(
        "screening_draft",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("answers", EncryptedJSON(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_screening_draft_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_screening_draft_key")),
    )
    op.create_index("ix_screening_draft_client_id", "screening_draft", ["client_id"])

    op.create_table(
        "change_check",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("visit_number", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("screening_id", WholeNumber, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_change_check_client_id_client")),
        sa.ForeignKeyConstraint(["screening_id"], ["screening.id"], name=op.f("fk_change_check_screening_id_screening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_check")),
        sa.UniqueConstraint("visit_number", name=op.f("uq_change_check_visit_number")),
    )
    op.create_index("ix_change_check_client_id", "change_check", ["client_id"])

    op.create_table(
        "sealed_file",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("screening_id", WholeNumber, nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", WholeNumber, nullable=False),
        sa.Column("content", EncryptedBytes(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("purpose in ('letter', 'label', 'reaction')", name=op.f("ck_sealed_file_purpose")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_sealed_file_client_id_client")),
        sa.ForeignKeyConstraint(["screening_id"], ["screening.id"], name=op.f("fk_sealed_file_screening_id_screening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_file")),
        sa.UniqueConstraint("name", name=op.f("uq_sealed_file_name")),
    )
    op.create_index("ix_sealed_file_client_id", "sealed_file", ["client_id"])
    op.create_index("ix_sealed_file_screening_id", "sealed_file", ["screening_id"])

    op.create_table(
        "cupboard_item",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=True),
        sa.Column("content", EncryptedJSON(), nullable=False),
        sa.Column("photo_id", WholeNumber, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_cupboard_item_client_id_client")),
        sa.ForeignKeyConstraint(["photo_id"], ["sealed_file.id"], name=op.f("fk_cupboard_item_photo_id_sealed_file")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_cupboard_item_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cupboard_item")),
        sa.UniqueConstraint("client_id", "product_id", name=op.f("uq_cupboard_item_client_id_product_id")),
    )
    op.create_index("ix_cupboard_item_client_id", "cupboard_item", ["client_id"])
    op.create_index("ix_cupboard_item_product_id", "cupboard_item", ["product_id"])

    with op.batch_alter_table("health_reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("why", sa.Text(), nullable=True))

    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", EncryptedText(), nullable=True))
        batch_op.add_column(sa.Column("review", EncryptedJSON(), nullable=True))
        batch_op.add_column(sa.Column("reviewed_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_column("reviewed_at")
        batch_op.drop_column("review")
        batch_op.drop_column("contact")

    with op.batch_alter_table("health_reading", schema=None) as batch_op:
        batch_op.drop_column("why")

    op.drop_table("cupboard_item")
    op.drop_table("sealed_file")
    op.drop_table("change_check")
    op.drop_table("screening_draft")
    op.drop_table("reaction_report")
    op.drop_table("patch_test")
    op.drop_table("informed_consent")
    op.drop_table("client_facts")
