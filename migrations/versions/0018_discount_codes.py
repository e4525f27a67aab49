"""what takes something off, and how often it was used"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0018_discount_codes"
down_revision = "0017_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discount_code",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("percent", sa.Text(), nullable=True),
        sa.Column("amount_minor", WholeNumber, nullable=True),
        sa.Column("kinds", JSONType, nullable=False),
        sa.Column("concerns", JSONType, nullable=False),
        sa.Column("brands", JSONType, nullable=False),
        sa.Column("packages", JSONType, nullable=False),
        sa.Column("least_minor", WholeNumber, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("limit_each", WholeNumber, nullable=True),
        sa.Column("limit_all", WholeNumber, nullable=True),
        sa.Column("uses", WholeNumber, nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(percent is null) <> (amount_minor is null)", name=op.f("ck_discount_code_share_or_sum")),
        sa.CheckConstraint("amount_minor is null or amount_minor > 0", name=op.f("ck_discount_code_amount")),
        sa.CheckConstraint("limit_all is null or limit_all > 0", name=op.f("ck_discount_code_limit_all")),
        sa.CheckConstraint("limit_each is null or limit_each > 0", name=op.f("ck_discount_code_limit_each")),
        sa.CheckConstraint("uses >= 0 and least_minor >= 0", name=op.f("ck_discount_code_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_code")),
        sa.UniqueConstraint("name", name=op.f("uq_discount_code_name")),
    )
    op.create_table(
        "code_use",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("code_id", WholeNumber, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("email_hash", sa.Text(), nullable=False),
        sa.Column("off_minor", WholeNumber, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("released_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_code_use_client_id_client")),
        sa.ForeignKeyConstraint(["code_id"], ["discount_code.id"], name=op.f("fk_code_use_code_id_discount_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_use")),
        sa.UniqueConstraint("code_id", "order_number", name=op.f("uq_code_use_code_id_order_number")),
    )
    with op.batch_alter_table("code_use", schema=None) as batch_op:
        batch_op.create_index("ix_code_use_order", ["order_number"], unique=False)
        batch_op.create_index("ix_code_use_person", ["code_id", "email_hash"], unique=False)

    with op.batch_alter_table("bag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("codes", JSONType, server_default=sa.text("'[]'"), nullable=False))

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("codes", JSONType, server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("codes")

    with op.batch_alter_table("bag", schema=None) as batch_op:
        batch_op.drop_column("codes")

    with op.batch_alter_table("code_use", schema=None) as batch_op:
        batch_op.drop_index("ix_code_use_person")
        batch_op.drop_index("ix_code_use_order")

    op.drop_table("code_use")
    op.drop_table("discount_code")
