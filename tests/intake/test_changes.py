"""Shortly before a visit the client is asked once, and what changed decides anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.handlers import fire
from shop.intake import answering
from shop.intake.models import ChangeCheck, Screening
from shop.intake.subjects import Subject
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_client, make_treatment

pytestmark = pytest.mark.usefixtures("screened")
VISIT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def person(app, clock):
    make_treatment(TREATMENT)
    client = make_client()
    answering.save(Subject(client_id=client.id), TREATMENT, calm(), consent_version=1)
    db.session.commit()
    return client


def soon(client, **changed):
    fire("visit.soon", **{"client_id": client.id, "number": "V-1", "treatment": TREATMENT, "starts_at": VISIT} | changed)
    db.session.commit()


def link(mailbox, client) -> str:
    return mailbox.last(client.email).link("/changed/")


def standing(client):
    return answering.standings(Subject(client_id=client.id), [TREATMENT])[TREATMENT]


def test_the_question_goes_out_once_and_names_nothing(person, mailbox):
    soon(person)
    soon(person)
    mail = mailbox.last(person.email)
    assert mail.subject == "Before your appointment on Wednesday 4 March"
    assert "hydration" not in str(mail).lower()
    assert len(mailbox.to(person.email)) == 1


def test_a_visit_without_a_treatment_asks_nothing(person, mailbox):
    soon(person, treatment=None)
    assert mailbox.to(person.email) == []


def test_nothing_has_changed_is_one_button(person, mailbox, client):
    soon(person)
    path = link(mailbox, person)
    page = client.get(path)
    assert "Nothing has changed" in page.text
    assert "checked" not in page.text  # it shows nothing of what was said before
    assert "We see you then" in client.post(path, data={"nothing": "y"}).text
    assert db.session.scalars(select(ChangeCheck)).one().answered_at is not None
    assert len(db.session.scalars(select(Screening)).all()) == 1
    assert "told us already" in client.get(path).text


def test_a_change_decides_anew_and_asks_for_a_call(person, mailbox, client):
    soon(person)
    path = link(mailbox, person)
    said = {key: value for key, value in calm().items() if value == "no"}
    answer = client.post(path, data={**said, "antibiotics": "no", "cold_sore": "yes"})
    assert "A person calls you" in answer.text
    assert standing(person).decision == "wait"
    entry = db.session.scalars(select(AttentionEntry)).one()
    assert entry.urgent
    assert "sore" not in entry.reason + entry.what_to_do
    assert entry.subject == "visit:V-1"
    newest = db.session.scalars(select(Screening).order_by(Screening.id.desc())).first()
    assert newest.answers["phototype"] == calm()["phototype"]  # what was not asked stays


def test_pregnancy_said_before_a_visit_is_known_everywhere(person, mailbox, client):
    from shop.intake.facts import facts_of

    soon(person)
    client.post(link(mailbox, person), data={**calm(), "pregnant": "yes"})
    assert standing(person).decision == "no"
    assert facts_of(Subject(client_id=person.id)).pregnant


def test_answers_that_have_grown_old_are_all_asked_again(person, mailbox, client, clock):
    clock.move_to("2026-07-01T09:00:00Z")
    soon(person, starts_at=datetime(2026, 7, 3, 10, 0, tzinfo=UTC))
    path = link(mailbox, person)
    page = client.get(path).text
    assert 'name="phototype"' in page
    assert "Nothing has changed" not in page
    assert client.post(path, data=calm()).status_code == 422  # consent is asked again too
    assert client.post(path, data={**calm(), "consent": "y"}).status_code == 200
    assert standing(person).is_payable


def test_the_link_is_dead_once_the_appointment_has_begun(person, mailbox, client, clock):
    soon(person)
    path = link(mailbox, person)
    clock.move_to("2026-03-04T10:01:00Z")
    assert client.get(path).status_code == 404


def test_a_made_up_link_opens_nothing(client):
    assert client.get("/changed/abc.def").status_code == 404
