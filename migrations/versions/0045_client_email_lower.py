"""a client is found by an address however it was typed"""

import sqlalchemy as sa
from alembic import op

revision = "0045_client_email_lower"
down_revision = "0044_closed_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_client_email_lower", "client", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("ix_client_email_lower", table_name="client")
