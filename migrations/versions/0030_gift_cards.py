"""gift cards and everything that moves on them"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0030_gift_cards"
down_revision = "0029_selling_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gift_card",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("balance_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("for_name", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("blocked_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("balance_minor >= 0 and amount_minor > 0", name=op.f("ck_gift_card_amounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card")),
        sa.UniqueConstraint("cause", name=op.f("uq_gift_card_cause")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_gift_card_code_hash")),
    )
    with op.batch_alter_table("gift_card", schema=None) as batch_op:
        batch_op.create_index("ix_gift_card_order", ["order_number"], unique=False)

    op.create_table(
        "gift_card_move",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("card_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('issue', 'bring', 'spend', 'release', 'refund', 'void')", name=op.f("ck_gift_card_move_kind")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_gift_card_move_amount")),
        sa.ForeignKeyConstraint(["card_id"], ["gift_card.id"], name=op.f("fk_gift_card_move_card_id_gift_card")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_move")),
        sa.UniqueConstraint("cause", name=op.f("uq_gift_card_move_cause")),
    )
    with op.batch_alter_table("gift_card_move", schema=None) as batch_op:
        batch_op.create_index("ix_gift_card_move_at", ["at"], unique=False)
        batch_op.create_index("ix_gift_card_move_card", ["card_id", "id"], unique=False)
        batch_op.create_index("ix_gift_card_move_order", ["order_number"], unique=False)

    with op.batch_alter_table("bag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cards", JSONType, server_default=sa.text("'[]'"), nullable=False))

    for statement in append_only.statements("gift_card_move", op.get_bind().dialect.name):
        op.execute(statement)
    one_thing = _one_thing(("variant_id", "package_id", "box_id", "gift_minor"))
    _bag_line(one_thing, [sa.Column("gift_minor", WholeNumber, nullable=True), sa.Column("gift", JSONType, nullable=True)])

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card_minor", WholeNumber, server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("card_minor")

    op.execute("DELETE FROM bag_line WHERE gift_minor IS NOT NULL")
    _bag_line(_one_thing(("variant_id", "package_id", "box_id")), [])

    with op.batch_alter_table("bag", schema=None) as batch_op:
        batch_op.drop_column("cards")

    with op.batch_alter_table("gift_card_move", schema=None) as batch_op:
        batch_op.drop_index("ix_gift_card_move_order")
        batch_op.drop_index("ix_gift_card_move_card")
        batch_op.drop_index("ix_gift_card_move_at")

    op.drop_table("gift_card_move")
    with op.batch_alter_table("gift_card", schema=None) as batch_op:
        batch_op.drop_index("ix_gift_card_order")

    op.drop_table("gift_card")


def _one_thing(columns: tuple[str, ...]) -> str:
    return " + ".join(f"(case when {column} is null then 0 else 1 end)" for column in columns) + " = 1"


def _bag_line(one_thing: str, added: list[sa.Column[object]]) -> None:
    """SQLite makes the table anew and forgets its checks while it does; nothing points at a line of a bag."""
    lite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("bag_line", recreate="always" if lite else "never") as lines:
        for column in added:
            lines.add_column(column)
        if not added:
            if not lite:
                lines.drop_constraint(op.f("ck_bag_line_one_thing"), type_="check")
            lines.drop_column("gift")
            lines.drop_column("gift_minor")
        elif not lite:
            lines.drop_constraint(op.f("ck_bag_line_one_thing"), type_="check")
        if lite:
            lines.create_check_constraint(op.f("ck_bag_line_quantity"), "quantity between 1 and 99")
        lines.create_check_constraint(op.f("ck_bag_line_one_thing"), one_thing)
