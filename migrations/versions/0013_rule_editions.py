"""the clinic's own editions of the care rules, and who signed them"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0013"
down_revision = "0012_product_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_edition",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("number", WholeNumber, nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("chosen", JSONType, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_edition")),
        sa.UniqueConstraint("book", "number", name=op.f("uq_rule_edition_book_number")),
    )
    op.create_table(
        "rule_signature",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("editions", JSONType, nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_signature")),
    )
    op.create_index("ix_rule_signature_treatment", "rule_signature", ["treatment"])

    op.create_table(
        "rule_version",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("version", WholeNumber, nullable=False),
        sa.Column("content", JSONType, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("book", "rule", "version", name=op.f("uq_rule_version_book_rule_version")),
    )
    for table in ("rule_edition", "rule_signature", "rule_version"):
        for statement in append_only.statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("rule_version")
    op.drop_table("rule_signature")
    op.drop_table("rule_edition")
