"""Places on the shelf, what is in a parcel that has not left, goods that are owed."""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0019_packing"
down_revision = "0018_discount_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bin_place",
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("location_id", WholeNumber, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_bin_place_location_id_location")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_bin_place_variant_id_variant")),
        sa.PrimaryKeyConstraint("variant_id", "location_id", name=op.f("pk_bin_place")),
    )
    with op.batch_alter_table("bin_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bin_place_location_id"), ["location_id"], unique=False)

    op.create_table(
        "pack_scan",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("line_id", WholeNumber, nullable=False),
        sa.Column("units", WholeNumber, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_pack_scan_units")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_pack_scan_line_id_order_line")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_pack_scan_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_scan")),
        sa.UniqueConstraint("cause", name=op.f("uq_pack_scan_cause")),
    )
    with op.batch_alter_table("pack_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_scan_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pack_scan_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expected_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_column("expected_on")

    with op.batch_alter_table("pack_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pack_scan_order_id"))
        batch_op.drop_index(batch_op.f("ix_pack_scan_line_id"))

    op.drop_table("pack_scan")
    with op.batch_alter_table("bin_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bin_place_location_id"))

    op.drop_table("bin_place")
