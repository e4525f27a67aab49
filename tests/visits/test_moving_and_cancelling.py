"""A booked visit moves with its session, and is called off free before the notice and by the terms after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.settings import change_setting
from shop.visits.booking import Choice
from shop.visits.cancelling import cancel
from shop.visits.models import Visit
from shop.visits.rescheduling import move
from shop.wallet.checking import differences
from tests.visits.clinic import at, book_at, make_same, open_clinic
from tests.visits.test_booking import balance


def test_moving_keeps_the_session_held_and_frees_the_old_time(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    later = move(visit, Choice(starts_at=at("2026-03-12", 11)), cause="m", by="client:1")
    again = move(visit, Choice(starts_at=at("2026-03-12", 11)), cause="m", by="client:1")
    db.session.commit()
    assert later.id == again.id
    assert (visit.state, later.state, later.session) == ("moved", "booked", "held")
    assert (later.uid, later.sequence, later.moved_from_id) == (visit.uid, 1, visit.id)
    assert balance(credit) == (5, 1, 0)
    assert book_at(make_same(credit), "2026-03-10").state == "booked"


def test_moving_by_a_quarter_of_an_hour_does_not_meet_itself(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    assert move(visit, Choice(starts_at=at("2026-03-10", 10, 15)), cause="m", by="client:1").state == "booked"


def test_after_the_notice_a_client_calls_and_staff_still_move(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-03")
    with pytest.raises(Refused, match="Please call"):
        move(visit, Choice(starts_at=at("2026-03-12")), cause="m1", by="client:1")
    db.session.rollback()
    assert move(visit, Choice(starts_at=at("2026-03-12"), is_staff=True), cause="m2", by="user:1").state == "booked"


@pytest.mark.parametrize(
    ("setting", "taken", "left"), [("session", "lost", (5, 0, 1)), ("fee", "free", (6, 0, 0)), ("free", "free", (6, 0, 0))]
)
def test_cancelling_is_free_before_the_notice_and_follows_the_terms_after_it(app, clock, setting, taken, left):
    change_setting("visits.late", setting, by="test")
    change_setting("visits.late_fee_minor", 2500, by="test")
    credit = open_clinic()
    early_one = book_at(credit, "2026-03-10")
    cancel(early_one, by="client:1", seen="free")
    assert early_one.session == "free"
    late = book_at(credit, "2026-03-03")
    cancel(late, by="client:1", seen={"session": "session", "fee": "fee", "free": "free"}[setting])
    db.session.commit()
    assert late.session == taken
    assert balance(credit) == left
    assert differences() == []


def test_what_was_seen_as_free_is_never_taken(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-04", 10)  # notice passes at 10:00 on 2 March
    clock.shift(timedelta(hours=1))
    with pytest.raises(Conflict, match="just passed"):
        cancel(visit, by="client:1", seen="free")


def test_every_visit_leaves_its_number_once(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    move(visit, Choice(starts_at=at("2026-03-12")), cause="m", by="client:1")
    db.session.commit()
    assert db.session.scalar(select(func.count(func.distinct(Visit.number)))) == 2
