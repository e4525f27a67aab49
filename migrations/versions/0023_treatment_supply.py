"""A session takes ampoules from the shelf by its treatment's recipe."""

import sqlalchemy as sa
from alembic import op

from shop.core.db import WholeNumber

revision = "0023_treatment_supply"
down_revision = "0022_buying"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "treatment_supply",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("treatment_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("units", WholeNumber, nullable=False),
        sa.CheckConstraint("units between 1 and 99", name=op.f("ck_treatment_supply_units")),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatment.id"], name=op.f("fk_treatment_supply_treatment_id_treatment")
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_treatment_supply_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_supply")),
        sa.UniqueConstraint("treatment_id", "variant_id", name=op.f("uq_treatment_supply_treatment_id_variant_id")),
    )


def downgrade() -> None:
    op.drop_table("treatment_supply")
