"""sheets of what is scanned when a delivery is unpacked or a shelf is counted"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0009_stock_sheet"
down_revision = "0008_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_sheet",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("differences", JSONType, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('delivery', 'count')", name=op.f("ck_stock_sheet_kind")),
        sa.CheckConstraint("state in ('open', 'counted', 'done', 'dropped')", name=op.f("ck_stock_sheet_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_sheet")),
        sa.UniqueConstraint("cause", name=op.f("uq_stock_sheet_cause")),
    )
    op.create_index("ix_stock_sheet_kind", "stock_sheet", ["kind", "state", "id"])
    op.create_table(
        "sheet_scope",
        sa.Column("sheet_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["stock_sheet.id"], name=op.f("fk_sheet_scope_sheet_id_stock_sheet")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_sheet_scope_variant_id_variant")),
        sa.PrimaryKeyConstraint("sheet_id", "variant_id", name=op.f("pk_sheet_scope")),
    )
    op.create_index(op.f("ix_sheet_scope_variant_id"), "sheet_scope", ["variant_id"])
    op.create_table(
        "sheet_scan",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("sheet_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("units", WholeNumber, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("units <> 0", name=op.f("ck_sheet_scan_units")),
        sa.ForeignKeyConstraint(["sheet_id"], ["stock_sheet.id"], name=op.f("fk_sheet_scan_sheet_id_stock_sheet")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_sheet_scan_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_scan")),
        sa.UniqueConstraint("cause", name=op.f("uq_sheet_scan_cause")),
    )
    op.create_index(op.f("ix_sheet_scan_sheet_id"), "sheet_scan", ["sheet_id"])
    op.create_index(op.f("ix_sheet_scan_variant_id"), "sheet_scan", ["variant_id"])
    for text in append_only.statements("sheet_scan", op.get_bind().dialect.name):
        op.execute(text)


def downgrade() -> None:
    op.drop_table("sheet_scan")
    op.drop_table("sheet_scope")
    op.drop_table("stock_sheet")
