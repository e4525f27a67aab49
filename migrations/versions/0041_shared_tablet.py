"""PINs, devices that several people share, screens that lock, and what was typed on them"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedText

revision = "0041_shared_tablet"
down_revision = "0040_scheduled_prices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _devices("token_hash", "user_id")
    op.add_column("sign_in", sa.Column("locked_at", UTCDateTime(), nullable=True))
    op.add_column("sign_in", sa.Column("way", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "staff_pin",
        sa.Column("user_id", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_staff_pin_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_pin")),
    )
    op.create_table(
        "kept_form",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fields", EncryptedText(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_kept_form_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_user_id"), "kept_form", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("kept_form")
    op.drop_table("staff_pin")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("way")
        batch_op.drop_column("locked_at")
    _devices("token_hash")


def _devices(*unique: str) -> None:
    """Made anew and empty: what it holds is good for a day, and at worst the second factor is asked for once more."""
    op.drop_table("known_device")
    op.create_table(
        "known_device",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("proved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_known_device_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_known_device_{'_'.join(unique)}")),
    )
    op.create_index(op.f("ix_known_device_user_id"), "known_device", ["user_id"], unique=False)
