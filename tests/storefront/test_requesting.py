"""A request is kept sealed, told to both sides without what it is about, and only with consent."""

from __future__ import annotations

from sqlalchemy import select, text

from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.storefront.models import ConsultationRequest
from tests.support.world import make_world

ASKED = {
    "name": "Ada Quick",
    "email": "ada@example.com",
    "phone": "020 7946 0100",
    "when": "evening",
    "treatment": "meso-lines",
}


def test_a_request_reaches_the_clinic_and_the_person(client, mailbox):
    make_world()
    answer = client.post("/consultation", data={**ASKED, "agreed": "y"})
    assert (answer.status_code, answer.location) == (303, "/consultation/asked")
    assert client.get(answer.location).status_code == 200
    kept = db.session.scalars(select(ConsultationRequest)).one()
    assert (kept.email, kept.about["treatment"]) == ("ada@example.com", "meso-lines")
    assert db.session.scalars(select(AttentionEntry)).one().kind == "consultation"
    written = db.session.execute(text("select about from consultation_request")).scalar_one()
    assert "meso-lines" not in written
    waiting = " ".join(str(row[0]) for row in db.session.execute(text("select payload from outbox")))
    assert "meso-lines" not in waiting


def test_without_consent_nothing_is_kept(client):
    make_world()
    assert client.post("/consultation", data=ASKED).status_code == 422
    assert db.session.scalars(select(ConsultationRequest)).all() == []


def test_a_machine_that_asks_again_and_again_is_slowed_down(client):
    make_world()
    answers = [client.post("/consultation", data={**ASKED, "agreed": "y"}).status_code for _ in range(8)]
    assert answers[0] == 303
    assert answers[-1] == 429


def test_three_answers_get_an_answer_at_once_and_nothing_is_kept(client, statements):
    make_world()
    with statements() as counted:
        page = client.get("/ask?concern=fine-lines&skin=dry&avoid=fragrance&have=cleanse")
    assert page.status_code == 200
    assert "Your answer" in page.get_data(as_text=True)
    assert not [one for one in counted.texts if not one.lstrip().upper().startswith(("SELECT", "WITH"))]


def test_answers_are_sent_to_a_consultant_only_when_asked_to(client):
    make_world()
    answers = {"concern": "fine-lines", "skin": "dry", "avoid": "fragrance", "message": "I react to roses."}
    person = {"name": "Ada Quick", "email": "ada@example.com"}
    assert client.post("/ask", data=answers | person).status_code == 422
    assert client.post("/ask", data=answers | person | {"agreed": "y"}).status_code == 303
    kept = db.session.scalars(select(ConsultationRequest)).one()
    assert kept.about["message"] == "I react to roses."
    assert "roses" not in str(db.session.execute(text("select about from consultation_request")).scalar_one())
