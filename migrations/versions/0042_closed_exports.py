"""exports that are closed to somebody who leaves"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime

revision = "0042_closed_exports"
down_revision = "0041_shared_tablet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("exports_closed_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_column("exports_closed_at")
