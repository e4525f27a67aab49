"""One's own answers are seen, taken back, and followed by who has read them; allergies are named; consents are signed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.texts import publish
from shop.intake import answering
from shop.intake.facts import facts_of
from shop.intake.models import InformedConsent, Screening
from shop.intake.reading import read_screening
from shop.intake.subjects import Subject
from tests.account.things import make_series
from tests.intake.test_answering import CANARY, TREATMENT, calm
from tests.support.factories import make_client, make_treatment

ABOUT = f"treatment:{TREATMENT}"


@pytest.fixture
def answered(clock, as_client):
    make_treatment(TREATMENT, name="Hydration sessions")
    answering.save(Subject(client_id=as_client.person.id), TREATMENT, calm(anything_else=CANARY), consent_version=1)
    db.session.commit()
    return as_client


def screening() -> Screening:
    return db.session.scalars(select(Screening)).one()


def test_answers_are_listed_and_shown_to_their_owner_alone(answered, app):
    page = answered.get("/account/privacy").text
    assert "Hydration sessions" in page
    assert CANARY not in page
    assert CANARY in answered.get(f"/account/privacy/answers/{screening().id}").text
    other = make_client()
    from tests.support.people import browser_of

    stranger = browser_of(other.user, app=app, person=other)
    assert stranger.get(f"/account/privacy/answers/{screening().id}").status_code == 404


def test_who_has_read_is_shown(answered):
    row = screening()
    row_id = row.id
    db.session.rollback()
    read_screening(row_id, by="user:7", why="visit")
    assert "I treat this person" in answered.get("/account/privacy").text


def test_taking_answers_back_needs_a_tick_and_erases_them_at_once(answered):
    answered.post("/account/privacy/answers/withdraw")
    assert screening().answers != {}
    answered.post("/account/privacy/answers/withdraw", data={"sure": "y"})
    assert screening().answers == {}
    assert answered.get(f"/account/privacy/answers/{screening().id}").status_code == 404
    assert db.session.scalars(select(AttentionEntry.kind)).all() == ["consent"]


def test_allergies_are_named_line_by_line(answered):
    answered.post("/account/privacy/allergies", data={"allergies": "limonene\r\nmoonflower dust, nuts"})
    me = Subject(client_id=answered.person.id)
    assert facts_of(me).allergies == ("limonene", "moonflower dust", "nuts")
    page = answered.get("/account/privacy").text
    assert "We do not know moonflower dust" in page
    answered.post("/account/privacy/allergies", data={"allergies": ""})
    assert facts_of(me).allergies == ()


def test_a_consent_is_signed_on_the_clients_own_phone(clock, as_client):
    publish("consent-treatment", title="Consent to treatment", body_md="Fine needles.", by="test")
    credit = make_series(as_client.person)
    credit.treatment_id = make_treatment(TREATMENT).id
    path = f"/account/consents/{ABOUT}"
    assert f'href="{path}"' in as_client.get("/account/privacy").text
    assert "Fine needles." in as_client.get(path).text
    assert as_client.post(path, data={"version": "1", "signed_name": "Nora Beck"}).status_code == 422
    said = {"version": "1", "signed_name": "Nora Beck", "agreed": "y"}
    assert as_client.post(path, data=said).status_code == 303
    row = db.session.scalars(select(InformedConsent)).one()
    assert (row.signed_name, row.text_version) == ("Nora Beck", 1)
    assert as_client.get(path).status_code == 404
    assert "in force" in as_client.get("/account/privacy").text


def test_what_was_never_bought_is_not_signed(as_client):
    assert as_client.get(f"/account/consents/{ABOUT}").status_code == 404
