"""Who waits hears on the day itself, once, in words that name nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.core.db import db
from shop.intake import answering
from shop.intake.subjects import Subject
from shop.intake.withdrawing import withdraw
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_client, make_treatment

STOPPED = {"isotretinoin": "stopped", "isotretinoin_stopped": "2025-12-01"}  # six months: 1 June
PATH = f"/screening/{TREATMENT}"


@pytest.fixture
def person(app, clock):
    client = make_client(name="Nora Beck")
    answering.save(Subject(client_id=client.id), TREATMENT, calm(**STOPPED), consent_version=1)
    db.session.commit()
    return client


def test_a_client_hears_on_that_morning_and_not_before(person, mailbox, clock):
    clock.move_to("2026-06-01T07:59:00Z")  # 8:59 in London
    assert mailbox.to(person.email) == []
    clock.move_to("2026-06-01T08:01:00Z")
    mail = mailbox.last(person.email)
    assert mail.subject == "A note from Linden Row Skin Clinic, as you asked"
    for word in ("isotretinoin", "hydration", "meso", "screening", "treatment"):
        assert word not in str(mail).lower()
    clock.shift(timedelta(days=30))
    assert len(mailbox.to(person.email)) == 1


def test_newer_answers_and_withdrawn_ones_remind_of_nothing(person, mailbox, clock):
    answering.save(Subject(client_id=person.id), TREATMENT, calm(), consent_version=1)
    db.session.commit()
    clock.move_to("2026-06-02T08:00:00Z")
    assert mailbox.to(person.email) == []


def test_withdrawn_answers_remind_of_nothing(person, mailbox, clock):
    withdraw(Subject(client_id=person.id), by="test")
    db.session.commit()
    clock.move_to("2026-06-02T08:00:00Z")
    assert mailbox.to(person.email) == []


def test_a_guest_leaves_an_address_for_that_day(client, mailbox, clock):
    make_treatment(TREATMENT)
    client.post(PATH, data={**calm(**STOPPED), "consent": "y"})
    assert "Monday 1 June 2026" in client.get(PATH).text
    assert client.post(f"{PATH}/remind", data={"email": "nobody"}).status_code == 422
    assert client.post(f"{PATH}/remind", data={"email": "ann@example.com"}).status_code == 303
    clock.move_to("2026-06-01T09:00:00Z")
    assert "/bag" in mailbox.last("ann@example.com").text


def test_a_wait_lasts_to_its_end_and_then_old_answers_are_asked_again(person, clock):
    subject = Subject(client_id=person.id)
    clock.move_to("2026-05-31T12:00:00Z")
    assert answering.standings(subject, [TREATMENT])[TREATMENT].decision == "wait"
    clock.move_to("2026-06-01T12:00:00Z")  # ninety days have passed since
    assert answering.standings(subject, [TREATMENT])[TREATMENT].decision == "unanswered"


def test_a_short_wait_ends_by_itself(app, clock):
    subject = Subject(browser_hash="b")
    answering.save(subject, TREATMENT, calm(vaccine="yes", vaccine_on="2026-03-01"), consent_version=1)
    db.session.commit()
    assert answering.standings(subject, [TREATMENT])[TREATMENT].until.isoformat() == "2026-03-08"
    clock.move_to("2026-03-08T09:00:00Z")
    assert answering.standings(subject, [TREATMENT])[TREATMENT].is_payable
