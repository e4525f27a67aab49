"""photographs of products"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber

revision = "0016_product_picture"
down_revision = "0015_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_picture",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("focus_x", WholeNumber, nullable=False),
        sa.Column("focus_y", WholeNumber, nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "focus_x between 0 and 100 and focus_y between 0 and 100", name=op.f("ck_product_picture_focus")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_picture_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_picture")),
        sa.UniqueConstraint("product_id", "stem", name=op.f("uq_product_picture_product_id_stem")),
    )


def downgrade() -> None:
    op.drop_table("product_picture")
