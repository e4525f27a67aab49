"""Booking takes a free time, keeps the distance, holds one session, and asks before it begins within the window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import history_of
from shop.visits.attending import no_show, treat
from shop.visits.booking import Choice, book
from shop.visits.matters import free_matter, matter_of
from shop.visits.models import DayOff, Practitioner
from shop.visits.offering import offer
from shop.wallet.checking import differences
from tests.support.factories import make_client
from tests.visits.clinic import at, book_at, make_credit, make_practitioner, make_room, make_same, open_clinic

HAIR = [7, 7, 7, 14, 30]


def balance(credit):
    db.session.expire_all()
    return credit.free, credit.held, credit.used


def test_booking_holds_one_session_and_takes_practitioner_room_and_time(app, clock):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-03")
    assert balance(credit) == (5, 1, 0)
    assert (visit.state, visit.session, visit.kind, visit.gap_index) == ("booked", "held", "session", 0)
    assert visit.minutes == 45 + 15  # the consultation is part of the first session
    assert visit.ends_at - visit.leaves_at == timedelta(minutes=10)
    assert differences() == []


def test_the_same_click_twice_is_one_visit(app, clock):
    credit = open_clinic()
    choice = Choice(starts_at=at("2026-03-03"))
    first = book(matter_of(credit), choice, cause="click", by="client:1")
    assert book(matter_of(credit), choice, cause="click", by="client:1").id == first.id
    db.session.commit()
    assert balance(credit) == (5, 1, 0)


def test_a_taken_time_is_refused_and_nothing_is_held(app, clock):
    credit = open_clinic()
    other = make_same(credit)
    book_at(credit, "2026-03-03")
    with pytest.raises(Conflict, match="not free any more"):
        book_at(other, "2026-03-03", 10, 30)
    db.session.rollback()
    assert balance(other) == (6, 0, 0)


def test_a_second_practitioner_without_a_second_room_helps_nobody(app, clock):
    credit = open_clinic(practitioners=2, rooms=1)
    other = make_same(credit)
    book_at(credit, "2026-03-03")
    with pytest.raises(Conflict):
        book_at(other, "2026-03-03")
    db.session.rollback()
    make_room()
    assert book_at(make_same(credit), "2026-03-03").state == "booked"


@pytest.mark.parametrize(
    ("day", "hour", "minute"),
    [("2026-03-04", 10, 0), ("2026-03-03", 12, 30), ("2026-03-03", 16, 0), ("2026-03-08", 10, 0), ("2026-03-03", 8, 30)],
    ids=["day off", "break", "end of the day", "sunday", "before the morning"],
)
def test_times_on_days_off_in_breaks_and_outside_hours_are_not_there(app, clock, day, hour, minute):
    credit = open_clinic()
    db.session.add(DayOff(kind="closed", first_day=date(2026, 3, 4), last_day=date(2026, 3, 4), by="test"))
    with pytest.raises(Conflict):
        book_at(credit, day, hour, minute)


def test_hair_tapers_and_too_early_is_refused_with_the_reason(app, clock):
    """Gaps 7,7,7,14,30 from 2 March: earliest 9, 16, 23 March, 6 April, 6 May; after a done 9 March, 15 March is refused."""
    credit = open_clinic(gaps=HAIR)
    days = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-04-06", "2026-05-06"]
    treat(book_at(credit, days[0], 14), by="user:1")
    clock.move_to("2026-03-09T11:00:00Z")
    treat(book_at(credit, days[1], 14), by="user:1")
    with pytest.raises(Refused, match="needs at least 7 days after Monday 9 March") as refused:
        book_at(credit, "2026-03-14")
    assert "the earliest day is Monday 16 March" in refused.value.sentence
    for day in days[2:]:
        earliest = offer(matter_of(credit), early=True, days=1).days[0].day
        assert earliest.isoformat() == day
        book_at(credit, day)
    assert balance(credit) == (0, 4, 2)


def test_a_no_show_costs_a_session_and_leaves_the_clinical_clock_where_it_was(app, clock):
    credit = open_clinic(gaps=HAIR)
    treat(book_at(credit, "2026-03-02", 14), by="user:1")
    missed = book_at(credit, "2026-03-09")
    clock.move_to("2026-03-09T11:00:00Z")
    no_show(missed, by="user:1")
    db.session.commit()
    assert balance(credit) == (4, 0, 2)
    assert missed.session == "lost"
    assert book_at(credit, "2026-03-14").gap_index == 1  # a Saturday, five days after the no-show, twelve after 2 March


def test_staff_set_the_spacing_aside_with_a_reason_that_is_kept(app, clock):
    credit = open_clinic(gaps=HAIR)
    book_at(credit, "2026-03-03")
    choice = Choice(starts_at=at("2026-03-06"), is_staff=True, override="Skin looked at today, calm")
    visit = book(matter_of(credit), choice, cause="desk", by="user:7")
    db.session.commit()
    [row] = history_of(f"visit:{visit.number}")
    assert (row.note, row.by) == ("Skin looked at today, calm", "user:7")


def test_a_maximum_that_is_passed_warns_and_blocks_nothing(app, clock):
    credit = open_clinic(gaps=[[7, 14]] * 5)
    book_at(credit, "2026-03-03")
    late = next(day for day in offer(matter_of(credit), since=date(2026, 3, 24)).days)
    assert late.check.warnings
    assert book_at(credit, late.day).state == "booked"


def test_another_series_of_the_same_treatment_keeps_its_distance_too(app, clock):
    credit = open_clinic(gaps=HAIR)
    book_at(credit, "2026-03-03")
    second = make_credit(db.session.get(type(make_client()), credit.client_id), sessions=6)
    second.treatment_id, second.gaps = credit.treatment_id, HAIR
    with pytest.raises(Refused, match="same treatment"):
        book_at(second, "2026-03-06")


def test_nothing_is_booked_past_the_last_day_of_the_sessions(app, clock):
    credit = open_clinic(days=20)
    with pytest.raises(Refused, match="can be used until Sunday 22 March"):
        book_at(credit, "2026-03-24")


def test_bought_on_1_june_the_first_free_time_without_a_request_is_on_16_june(app, clock):
    clock.move_to("2026-06-01T08:00:00Z")
    credit = open_clinic(order_number="AG-1")
    assert offer(matter_of(credit), days=1).days[0].day == date(2026, 6, 16)
    assert offer(matter_of(credit), days=1, early=True).days[0].day == date(2026, 6, 1)
    with pytest.raises(Refused) as refused:
        book_at(credit, "2026-06-15")
    assert refused.value.field == "express"


def test_the_request_is_kept_with_its_wording_and_moment_on_visit_and_sessions(app, clock):
    clock.move_to("2026-06-01T08:00:00Z")
    credit = open_clinic(order_number="AG-1")
    visit = book_at(credit, "2026-06-03", asked_early=True)
    db.session.refresh(credit)
    assert (visit.express_version, credit.express_version) == (1, 1)
    assert visit.express_at == credit.express_at == shop_clock.now()
    second = book_at(credit, "2026-06-11")  # asked for once
    assert second.express_at == visit.express_at
    third = book_at(credit, "2026-06-19")
    assert third.express_at is None


def test_sessions_the_clinic_gave_need_no_request(app, clock):
    credit = open_clinic(order_number=None)
    assert book_at(credit, "2026-03-03").express_at is None


def test_a_consultation_costs_no_session_and_needs_somebody_who_gives_them(app, clock):
    credit = open_clinic()
    db.session.scalars(select(Practitioner)).one().gives_consultations = False
    matter = free_matter("consultation", client_id=credit.client_id)
    with pytest.raises(Conflict):
        book(matter, Choice(starts_at=at("2026-03-03")), cause="c1", by="client:1")
    db.session.rollback()
    visit = book(matter, Choice(starts_at=at("2026-03-03")), cause="c2", by="client:1")
    assert (visit.session, visit.credit_id, visit.minutes) == ("none", None, 30)


def test_a_client_cannot_be_in_two_places(app, clock):
    credit = open_clinic(practitioners=2, rooms=2)
    book_at(credit, "2026-03-03")
    matter = free_matter("consultation", client_id=credit.client_id)
    with pytest.raises(Conflict):
        book(matter, Choice(starts_at=at("2026-03-03", 10, 15)), cause="c", by="client:1")


def test_a_practitioner_who_does_not_give_the_treatment_is_not_offered(app, clock):
    credit = open_clinic()
    make_practitioner(name="Elsewhere")
    assert [who.name for who in offer(matter_of(credit)).practitioners] != []
    assert "Elsewhere" not in [who.name for who in offer(matter_of(credit)).practitioners]
