"""Reminders go out 48 hours before, move with the visit, and fall silent when it is off."""

from __future__ import annotations

import json
from datetime import timedelta

from shop.accounts.models import Client
from shop.core.db import db
from shop.core.settings import change_setting
from shop.visits.booking import Choice
from shop.visits.cancelling import cancel
from shop.visits.rescheduling import move
from tests.visits.clinic import at, book_at, open_clinic


def reminders(mailbox):
    return [mail for mail in mailbox if "Does the time still suit you" in mail.text]


def test_a_reminder_goes_out_48_hours_before_with_a_link_to_confirm_or_move(app, clock, client, mailbox):
    visit = book_at(open_clinic(), "2026-03-10")
    clock.move_to(at("2026-03-08", 9, 59))
    assert reminders(mailbox) == []
    clock.move_to(at("2026-03-08", 10))
    [mail] = reminders(mailbox)
    path = mail.link("/appointments/")
    assert client.post(f"{path}/confirm").status_code == 303
    db.session.refresh(visit)
    assert visit.confirmed_at is not None


def test_a_moved_visit_is_reminded_of_at_its_new_time_only(app, clock, mailbox):
    visit = book_at(open_clinic(), "2026-03-10")
    move(visit, Choice(starts_at=at("2026-03-16", 14)), cause="m", by="client:1")
    clock.move_to(at("2026-03-10"))
    assert reminders(mailbox) == []
    clock.move_to(at("2026-03-14", 14))
    [mail] = reminders(mailbox)
    assert "Monday 16 March, 2:00 pm" in mail.subject


def test_nobody_is_reminded_of_what_is_off_or_was_booked_yesterday(app, clock, mailbox):
    credit = open_clinic()
    cancel(book_at(credit, "2026-03-10"), by="client:1")
    book_at(credit, "2026-03-03")
    clock.move_to(at("2026-03-11"))
    assert reminders(mailbox) == []


def test_over_the_clock_change_48_hours_are_48_hours(app, clock, mailbox):
    """The clock goes forward on 29 March: 10:00 that Monday is 47 hours after 10:00 on Saturday."""
    book_at(open_clinic(), "2026-03-30")
    clock.move_to(at("2026-03-28", 8, 59))
    assert reminders(mailbox) == []
    clock.shift(timedelta(minutes=1))
    assert len(reminders(mailbox)) == 1


def texts(instance):
    folder = instance / "sms"
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []


def test_the_same_goes_out_as_a_text_message_with_the_link_and_no_treatment(app, clock, client, run_worker, instance):
    change_setting("visits.sms", True, by="user:1")
    credit = open_clinic()
    person = db.session.get_one(Client, credit.client_id)
    person.phone = "07700 900 123"
    visit = book_at(credit, "2026-03-10")
    assert texts(instance) == []
    clock.move_to(at("2026-03-08", 10))
    run_worker()
    run_worker()
    [text] = texts(instance)
    assert text["to"] == "+447700900123"
    assert "Tuesday 10 March, 10:00 am" in text["text"]
    assert credit.name not in text["text"]
    path = text["text"].rpartition("http://localhost")[2]
    assert client.post(f"{path}/confirm").status_code == 303
    db.session.refresh(visit)
    assert visit.confirmed_at is not None


def test_without_a_number_or_where_nobody_wants_them_there_are_only_e_mails(app, clock, mailbox, instance):
    visit = book_at(open_clinic(), "2026-03-10")
    clock.move_to(at("2026-03-08", 10))
    assert len(reminders(mailbox)) == 1
    assert texts(instance) == []
    assert visit.state == "booked"
