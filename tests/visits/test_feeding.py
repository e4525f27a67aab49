"""Other calendars: neutral titles, exact local times across the clock change, an address that can be renewed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shop.catalog.models import Treatment
from shop.core.db import db
from shop.visits.attending import treat
from shop.visits.booking import Choice
from shop.visits.cancelling import cancel
from shop.visits.feeding import feed_of, one_visit
from shop.visits.links import feed_link, open_feed
from shop.visits.rescheduling import move
from tests.visits.clinic import at, book_at, open_clinic

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def credit(app, clock):
    credit = open_clinic(addons=["peel"])
    db.session.get(Treatment, credit.treatment_id).slug = "meso-lines"
    db.session.commit()
    return credit


def events(text: bytes, title: str = "") -> list:
    found = Calendar.from_ical(text).walk("VEVENT")
    return [event for event in found if title in str(event["summary"])]


def ends(text: bytes) -> dict[str, datetime]:
    """What ends when, as the entries after an appointment say."""
    notes = events(text, "A note")
    return {name: n.decoded("dtstart") for n in notes for name in str(n["description"]).split("\n")[0][20:-1].split(", ")}


def test_titles_name_neither_treatment_nor_series(credit):
    book_at(credit, "2026-03-10")
    text = feed_of(credit.client_id)
    titles = {str(event["summary"]) for event in events(text)}
    assert titles == {"Appointment at Linden Row Skin Clinic", "A note from Linden Row Skin Clinic"}
    assert credit.name.encode() not in text
    assert b"meso" not in text


def test_times_are_the_clinics_own_across_the_clock_change(credit):
    """The visit ends on Saturday 28 March at 11:15; make-up with a peel waits 48 elapsed hours, 12:15 on Monday's wall."""
    visit = book_at(credit, "2026-03-28", 10)
    text = feed_of(credit.client_id)
    [appointment] = events(text, "Appointment")
    assert appointment.decoded("dtstart") == datetime(2026, 3, 28, 10, tzinfo=LONDON)
    assert b"TZID=Europe/London:20260328T100000" in text
    assert b"BEGIN:VTIMEZONE" in text
    leaves = visit.leaves_at.astimezone(LONDON)
    assert (leaves.hour, leaves.minute) == (11, 15)
    assert ends(text)["Make-up"] == datetime(2026, 3, 30, 12, 15, tzinfo=LONDON)
    assert b"20260330T121500" in text


def test_moving_a_visit_by_two_days_moves_every_entry_by_two_days(credit):
    visit = book_at(credit, "2026-03-10")
    before = ends(feed_of(credit.client_id))
    later = move(visit, Choice(starts_at=at("2026-03-12")), cause="m", by="client:1")
    db.session.commit()
    text = feed_of(credit.client_id)
    after = ends(text)
    assert before
    assert {name: when + timedelta(days=2) for name, when in before.items()} == after
    [appointment] = events(text, "Appointment")
    assert (str(appointment["uid"]).split("@")[0], appointment["sequence"]) == (visit.uid, 1)
    assert later.uid == visit.uid


def test_an_add_on_that_was_left_out_is_not_waited_for(credit, clock):
    visit = book_at(credit, "2026-03-10")
    assert ends(feed_of(credit.client_id))["Make-up"] == at("2026-03-12", 11, 15)
    clock.move_to(at("2026-03-10", 11))
    treat(visit, by="user:1", extras=[])
    db.session.commit()
    assert ends(feed_of(credit.client_id))["Make-up"].date() == date(2026, 3, 11)


def test_a_cancelled_visit_takes_itself_out_again(credit):
    visit = book_at(credit, "2026-03-10")
    assert b"METHOD:PUBLISH" in one_visit(visit)
    cancel(visit, by="client:1")
    text = one_visit(visit)
    assert b"METHOD:CANCEL" in text
    assert b"STATUS:CANCELLED" in text
    assert events(feed_of(credit.client_id)) == []


def test_the_address_opens_without_a_sign_in_until_it_is_renewed_or_ended(as_client, client, clock):
    credit = open_clinic(client=as_client.person)
    book_at(credit, "2026-03-10")
    as_client.post("/account/visits/calendar")
    feed = open_feed(as_client.person.id)
    db.session.commit()
    old = "/" + feed_link(feed).split("/", 3)[3]
    assert old in as_client.get("/account/visits").text
    answer = client.get(old)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    as_client.post("/account/visits/calendar")
    assert client.get(old).status_code == 404
    db.session.refresh(feed)
    new = "/" + feed_link(feed).split("/", 3)[3]
    assert client.get(new).status_code == 200
    as_client.post("/account/visits/calendar/end")
    assert client.get(new).status_code == 404


def test_the_feed_costs_the_same_with_one_visit_and_with_many(credit, client, statements):
    feed = open_feed(credit.client_id)
    book_at(credit, "2026-03-10")
    address = "/" + feed_link(feed).split("/", 3)[3]
    client.get(address)
    with statements() as few:
        client.get(address)
    for day in ("2026-03-18", "2026-03-26", "2026-04-03"):
        book_at(credit, day)
    with statements() as many:
        client.get(address)
    assert len(few) == len(many) <= 8
