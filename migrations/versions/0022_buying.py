"""Suppliers, purchases, and where a sheet counts or shelves."""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0022_buying"
down_revision = "0021_till"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("lead_days", WholeNumber, nullable=False),
        sa.CheckConstraint("lead_days between 0 and 365", name=op.f("ck_supplier_lead_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("name", name=op.f("uq_supplier_name")),
    )
    op.create_table(
        "purchase",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("supplier_id", WholeNumber, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ordered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state in ('draft', 'ordered', 'part', 'done', 'cancelled')", name=op.f("ck_purchase_state")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_purchase_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("cause", name=op.f("uq_purchase_cause")),
    )
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.create_index("ix_purchase_state", ["state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "purchase_line",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("purchase_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("units", WholeNumber, nullable=False),
        sa.Column("received", WholeNumber, nullable=False),
        sa.Column("given_up", WholeNumber, nullable=False),
        sa.CheckConstraint("units > 0 and received >= 0 and given_up >= 0", name=op.f("ck_purchase_line_units")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_line_purchase_id_purchase")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_purchase_line_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_line")),
        sa.UniqueConstraint("purchase_id", "variant_id", name=op.f("uq_purchase_line_purchase_id_variant_id")),
    )
    with op.batch_alter_table("purchase_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_line_variant_id"), ["variant_id"], unique=False)

    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index("ix_stock_movement_kind_at", ["kind", "at"], unique=False)

    with op.batch_alter_table("stock_sheet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purchase_id", WholeNumber, nullable=True))
        batch_op.add_column(sa.Column("location_id", WholeNumber, nullable=True))
        batch_op.create_index(batch_op.f("ix_stock_sheet_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_sheet_purchase_id"), ["purchase_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_stock_sheet_location_id_location"), "location", ["location_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_stock_sheet_purchase_id_purchase"), "purchase", ["purchase_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("stock_sheet", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stock_sheet_purchase_id_purchase"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_stock_sheet_location_id_location"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_stock_sheet_purchase_id"))
        batch_op.drop_index(batch_op.f("ix_stock_sheet_location_id"))
        batch_op.drop_column("location_id")
        batch_op.drop_column("purchase_id")

    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_movement_kind_at")

    with op.batch_alter_table("purchase_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_line_variant_id"))

    op.drop_table("purchase_line")
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_supplier_id"))
        batch_op.drop_index("ix_purchase_state")

    op.drop_table("purchase")
    op.drop_table("supplier")
