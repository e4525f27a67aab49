"""the day a lot came on the market, and the rules that end the sale of a product"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType

revision = "0037_lot_on_market"
down_revision = "0036_client_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("sale_ends", JSONType, server_default="[]", nullable=False))
    op.add_column("lot", sa.Column("on_market_since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("lot", "on_market_since")
    op.drop_column("product", "sale_ends")
