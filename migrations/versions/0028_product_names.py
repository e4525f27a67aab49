"""the desk lists all products by name"""

from alembic import op

revision = "0028_product_names"
down_revision = "0027_client_assignment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_product_name", "product", ["name", "id"])


def downgrade() -> None:
    op.drop_index("ix_product_name", "product")
