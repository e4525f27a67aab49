"""calendars, visits and treatment records"""

import sqlalchemy as sa
from alembic import op

from shop.core.db import JSONType, UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedJSON
from shop.visits import overlap

revision = "0008_visits"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "calendar_feed",
    "treatment_record",
    "visit",
    "day_off",
    "working_hours",
    "room",
    "practitioner_treatment",
    "practitioner",
)


def upgrade() -> None:
    _team()
    _visit()
    _beside()
    for statement in overlap.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _points(table, column, to):
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _team() -> None:
    op.create_table(
        "practitioner",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("member_id", WholeNumber, nullable=True),
        sa.Column("user_id", WholeNumber, nullable=True),
        sa.Column("gives_consultations", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        _points("practitioner", "member_id", "team_member"),
        _points("practitioner", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("member_id", name=op.f("uq_practitioner_member_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_practitioner_user_id")),
    )
    op.create_table(
        "practitioner_treatment",
        sa.Column("practitioner_id", WholeNumber, nullable=False),
        sa.Column("treatment_id", WholeNumber, nullable=False),
        _points("practitioner_treatment", "practitioner_id", "practitioner"),
        _points("practitioner_treatment", "treatment_id", "treatment"),
        sa.PrimaryKeyConstraint("practitioner_id", "treatment_id", name=op.f("pk_practitioner_treatment")),
    )
    op.create_table(
        "room",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("name", name=op.f("uq_room_name")),
    )
    op.create_table(
        "working_hours",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("practitioner_id", WholeNumber, nullable=False),
        *(sa.Column(name, WholeNumber, nullable=False) for name in ("weekday", "from_minute", "to_minute")),
        sa.Column("breaks", JSONType, nullable=False),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_working_hours_weekday")),
        sa.CheckConstraint(
            "from_minute >= 0 and to_minute <= 1440 and from_minute < to_minute", name=op.f("ck_working_hours_minutes")
        ),
        _points("working_hours", "practitioner_id", "practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_hours")),
        sa.UniqueConstraint("practitioner_id", "weekday", name=op.f("uq_working_hours_practitioner_id_weekday")),
    )
    op.create_table(
        "day_off",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("practitioner_id", WholeNumber, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('away', 'closed')", name=op.f("ck_day_off_kind")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_day_off_days")),
        sa.CheckConstraint("(kind = 'closed') = (practitioner_id is null)", name=op.f("ck_day_off_whose")),
        _points("day_off", "practitioner_id", "practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
    )
    op.create_index("ix_day_off_days", "day_off", ["last_day", "first_day"])


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("credit_id", WholeNumber, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("treatment_id", WholeNumber, nullable=True),
        sa.Column("practitioner_id", WholeNumber, nullable=False),
        sa.Column("room_id", WholeNumber, nullable=False),
        *(sa.Column(name, UTCDateTime(), nullable=False) for name in ("starts_at", "leaves_at", "ends_at")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("turn", WholeNumber, nullable=False),
        sa.Column("gap_index", WholeNumber, nullable=True),
        sa.Column("express_version", WholeNumber, nullable=True),
        *(
            sa.Column(name, UTCDateTime(), nullable=True)
            for name in ("express_at", "confirmed_at", "arrived_at", "done_at")
        ),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("moved_from_id", WholeNumber, nullable=True),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("sequence", WholeNumber, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('consultation', 'session', 'review', 'upkeep')", name=op.f("ck_visit_kind")),
        sa.CheckConstraint(
            "state in ('booked', 'arrived', 'done', 'no_show', 'cancelled', 'moved')", name=op.f("ck_visit_state")
        ),
        sa.CheckConstraint("session in ('none', 'held', 'used', 'lost', 'free')", name=op.f("ck_visit_session")),
        sa.CheckConstraint("(credit_id is null) = (session = 'none')", name=op.f("ck_visit_prepaid")),
        sa.CheckConstraint("starts_at < leaves_at and leaves_at <= ends_at", name=op.f("ck_visit_times")),
        sa.CheckConstraint("(express_version is null) = (express_at is null)", name=op.f("ck_visit_express")),
        _points("visit", "client_id", "client"),
        _points("visit", "credit_id", "credit"),
        _points("visit", "treatment_id", "treatment"),
        _points("visit", "practitioner_id", "practitioner"),
        _points("visit", "room_id", "room"),
        _points("visit", "moved_from_id", "visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_number")),
        sa.UniqueConstraint("cause", name=op.f("uq_visit_cause")),
        sa.UniqueConstraint("moved_from_id", name=op.f("uq_visit_moved_from_id")),
    )
    op.create_index(op.f("ix_visit_credit_id"), "visit", ["credit_id"])
    op.create_index("ix_visit_practitioner", "visit", ["practitioner_id", "starts_at"])
    op.create_index("ix_visit_client", "visit", ["client_id", "starts_at"])
    op.create_index("ix_visit_starts", "visit", ["starts_at"])
    op.create_index(op.f("ix_visit_uid"), "visit", ["uid"])


def _beside() -> None:
    op.create_table(
        "treatment_record",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("visit_id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("practitioner_id", WholeNumber, nullable=True),
        sa.Column("content", EncryptedJSON(), nullable=False),
        sa.Column("revision", WholeNumber, nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        _points("treatment_record", "visit_id", "visit"),
        _points("treatment_record", "client_id", "client"),
        _points("treatment_record", "practitioner_id", "practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_record")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_treatment_record_visit_id")),
    )
    op.create_index("ix_treatment_record_client", "treatment_record", ["client_id", "id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("edition", WholeNumber, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        _points("calendar_feed", "client_id", "client"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("client_id", name=op.f("uq_calendar_feed_client_id")),
    )
