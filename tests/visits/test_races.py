"""Fifty people want ten times at the same moment; two desks redeem the same session: the right number wins, on both databases."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from shop.core.db import db
from shop.core.errors import Conflict
from shop.visits.attending import treat
from shop.visits.booking import Choice, book
from shop.visits.cancelling import cancel
from shop.visits.matters import matter_of
from shop.visits.models import Practitioner, Room, Visit, WorkingHours
from shop.visits.undoing import undo
from shop.wallet.checking import differences
from shop.wallet.models import Credit
from tests.support.factories import make_client
from tests.visits.clinic import at, book_at, make_credit, open_clinic

CLIENTS, SLOTS = 50, 10


def crowd(of: Credit) -> list[int]:
    found = []
    for _ in range(CLIENTS):
        credit = make_credit(make_client(user=None), sessions=6)
        credit.treatment_id, credit.gaps = of.treatment_id, of.gaps
        found.append(credit)
    ids = [credit.id for credit in found]
    db.session.commit()  # nothing is read after it: on SQLite a reader of ours would hold the lock
    return ids


def ten_slots() -> list:
    """One practitioner, one room, a day with room for exactly ten first sessions."""
    credit = open_clinic()
    db.session.execute(delete(WorkingHours))
    who = db.session.scalars(select(Practitioner)).one()
    whole = SLOTS * 70
    db.session.add(WorkingHours(practitioner_id=who.id, weekday=1, from_minute=480, to_minute=480 + whole, breaks=[]))
    db.session.commit()
    return [credit, [at("2026-03-03", 8) + timedelta(minutes=70 * n) for n in range(SLOTS)]]


@pytest.mark.slow
def test_fifty_clients_race_for_ten_times_and_exactly_ten_have_one(app, clock):
    credit, starts = ten_slots()
    ids = crowd(credit)
    gate = Barrier(CLIENTS)

    def client(n: int) -> str:
        with app.app_context():
            gate.wait(60)
            for hop in range(SLOTS):  # whoever is refused tries the next time
                try:
                    mine = matter_of(db.session.get_one(Credit, ids[n]))
                    book(mine, Choice(starts_at=starts[(n + hop) % SLOTS], is_staff=True), cause=f"race:{n}", by="client")
                    db.session.commit()
                    return "booked"
                except Conflict:
                    db.session.rollback()
            return "refused"

    with ThreadPoolExecutor(CLIENTS) as pool:
        said = Counter(pool.map(client, range(CLIENTS)))
    assert said == {"booked": SLOTS, "refused": CLIENTS - SLOTS}
    visits = db.session.scalars(select(Visit).where(Visit.state == "booked")).all()
    assert sorted(visit.starts_at for visit in visits) == starts
    assert differences() == []


def test_two_desks_treat_the_same_visit_and_one_wins(app, clock):
    credit = open_clinic(sessions=1)
    visit_id = book_at(credit, "2026-03-02", 14).id
    db.session.commit()
    gate = Barrier(2)

    def desk(n: int) -> bool:
        with app.app_context():
            gate.wait(20)
            try:
                treat(db.session.get_one(Visit, visit_id), by=f"user:{n}")
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(desk, range(2))) == [False, True]
    assert differences() == []


@pytest.mark.postgresql
@pytest.mark.parametrize("shared", ["practitioner_id", "room_id", "client_id"])
def test_the_database_itself_refuses_a_double_booking(app, clock, shared):
    """Whoever writes past every rule of ours still meets the constraint."""
    credit = open_clinic(practitioners=2, rooms=2)
    one = book_at(credit, "2026-03-03")
    second = make_credit(make_client(user=None))
    second.treatment_id, second.gaps = credit.treatment_id, credit.gaps
    db.session.flush()
    two = book_at(second, "2026-03-05")
    who, room = other_ids(one)
    two.starts_at, two.leaves_at, two.ends_at = one.starts_at, one.leaves_at, one.ends_at
    two.practitioner_id, two.room_id = who, room
    db.session.flush()  # nothing shared: two visits at the same time
    setattr(two, shared, getattr(one, shared))
    with pytest.raises(IntegrityError, match=f"ex_visit_{shared}"):
        db.session.flush()


def other_ids(visit: Visit) -> tuple[int, int]:
    who = db.session.scalars(select(Practitioner.id).where(Practitioner.id != visit.practitioner_id)).first()
    room = db.session.scalars(select(Room.id).where(Room.id != visit.room_id)).first()
    return who, room


def test_undoing_a_cancellation_meets_whoever_took_the_time(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    cancel(visit, by="client:1")
    db.session.commit()
    other = make_credit(make_client(user=None))
    other.treatment_id, other.gaps = credit.treatment_id, credit.gaps
    book_at(other, "2026-03-10")
    with pytest.raises(Conflict):
        undo(visit, by="user:1")
