"""sales at the desk, and the till's closes"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0021_till"
down_revision = "0020_visit_wish"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "till_close",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("number", WholeNumber, nullable=False),
        sa.Column("expected", JSONType, nullable=False),
        sa.Column("counted", JSONType, nullable=False),
        sa.Column("moved", JSONType, nullable=False),
        sa.Column("difference_minor", WholeNumber, nullable=False),
        sa.Column("left_minor", WholeNumber, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("left_minor >= 0 and number > 0", name=op.f("ck_till_close_amounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_close")),
        sa.UniqueConstraint("number", name=op.f("uq_till_close_number")),
    )
    for statement in append_only.statements("till_close", op.get_bind().dialect.name):
        op.execute(statement)
    # in place: a bag that is made anew would take its lines along
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE bag ADD COLUMN client_id {kind} CONSTRAINT fk_bag_client_id_client REFERENCES client (id)")
    op.add_column("bag", sa.Column("sold_by", sa.Text(), nullable=True))
    op.create_index("ix_bag_sold_by", "bag", ["sold_by"])

    with op.batch_alter_table("payment_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_payment_event_till",
            ["tender", "kind", "amount_minor"],
            unique=False,
            sqlite_where=sa.text("tender in ('cash', 'terminal', 'bank')"),
            postgresql_where=sa.text("tender in ('cash', 'terminal', 'bank')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("payment_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_payment_event_till",
            sqlite_where=sa.text("tender in ('cash', 'terminal', 'bank')"),
            postgresql_where=sa.text("tender in ('cash', 'terminal', 'bank')"),
        )
        batch_op.drop_column("note")

    with op.batch_alter_table("bag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bag_sold_by"))
        batch_op.drop_column("sold_by")
        batch_op.drop_column("client_id")

    op.drop_table("till_close")
