"""one index that answers most combinations of filters without reading the products themselves"""

from alembic import op

revision = "0012_product_filters"
down_revision = "0011_import_run"
branch_labels = None
depends_on = None

COLUMNS = ["state", "step", "brand_id", "in_stock", "reading", "price_minor", "gated"]


def upgrade() -> None:
    op.create_index("ix_product_filters", "product", COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_product_filters", table_name="product")
