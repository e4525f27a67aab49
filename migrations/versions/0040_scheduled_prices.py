"""prices that begin and end at a written moment"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0040_scheduled_prices"
down_revision = "0039_wishes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_price",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=True),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("price_minor", WholeNumber, nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("before_minor", WholeNumber, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state in ('waiting', 'running')) = (next_at is not null)", name=op.f("ck_scheduled_price_next_at")
        ),
        sa.CheckConstraint(
            "state <> 'running' or (ends_at is not null and before_minor is not null)",
            name=op.f("ck_scheduled_price_running"),
        ),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'stopped')", name=op.f("ck_scheduled_price_state")),
        sa.CheckConstraint("(variant_id is null) <> (package_id is null)", name=op.f("ck_scheduled_price_one_thing")),
        sa.CheckConstraint("ends_at is null or ends_at > starts_at", name=op.f("ck_scheduled_price_span")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_scheduled_price_price")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_scheduled_price_package_id_package")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_scheduled_price_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_price")),
    )
    with op.batch_alter_table("scheduled_price", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scheduled_price_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at is not null"),
            postgresql_where=sa.text("next_at is not null"),
        )
        batch_op.create_index("ix_scheduled_price_package", ["package_id"], unique=False)
        batch_op.create_index("ix_scheduled_price_variant", ["variant_id"], unique=False)

    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lowest_minor", WholeNumber, nullable=True))

    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lowest_minor", WholeNumber, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_column("lowest_minor")

    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.drop_column("lowest_minor")

    with op.batch_alter_table("scheduled_price", schema=None) as batch_op:
        batch_op.drop_index("ix_scheduled_price_variant")
        batch_op.drop_index("ix_scheduled_price_package")
        batch_op.drop_index(
            "ix_scheduled_price_due",
            sqlite_where=sa.text("next_at is not null"),
            postgresql_where=sa.text("next_at is not null"),
        )

    op.drop_table("scheduled_price")
