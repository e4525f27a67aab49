"""what only the maker knows of a product, and the last day on which the law lets it be sold"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType

revision = "0029_selling_days"
down_revision = "0028_product_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("supplier", JSONType, server_default="{}", nullable=False))
    op.add_column("product", sa.Column("last_sale", JSONType, server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("product", "last_sale")
    op.drop_column("product", "supplier")
