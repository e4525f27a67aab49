"""Answers on their way are kept sealed, after consent, and nobody begins again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, text

from shop.core.db import db
from shop.intake import drafting
from shop.intake.models import Screening, ScreeningDraft
from shop.intake.subjects import Subject
from tests.intake.test_answering import CANARY, TREATMENT, calm
from tests.support.factories import make_client, make_treatment

PATH = f"/screening/{TREATMENT}"


def drafts() -> int:
    return db.session.scalar(select(func.count(ScreeningDraft.id)))


def test_each_answer_is_kept_as_it_is_given_and_stands_there_again(client, clock):
    make_treatment(TREATMENT)
    for given in ({"adult": "yes"}, {"adult": "yes", "cancer": "past"}):
        answer = client.post(f"{PATH}/draft", data={**given, "consent": "y"})
        assert answer.status_code == 200
    assert "cancer_ended" in answer.json["open"]
    assert drafts() == 1
    page = client.get(PATH).text
    assert 'name="cancer" value="past" checked' in page
    assert 'name="consent" value="y" checked' in page  # it was given before the first answer was kept
    assert "Monday 2 March" in page


def test_nothing_is_kept_before_consent(client, clock):
    make_treatment(TREATMENT)
    assert client.post(f"{PATH}/draft", data={"adult": "yes"}).status_code == 422
    assert client.post(PATH, data={"adult": "yes", "later": "y"}).status_code == 422
    assert drafts() == 0


def test_without_scripts_a_button_keeps_what_was_answered(client, clock):
    make_treatment(TREATMENT)
    assert client.post(PATH, data={"adult": "yes", "later": "y", "consent": "y"}).status_code == 303
    assert 'name="adult" value="yes" checked' in client.get(PATH).text


def test_a_form_sent_too_early_is_kept_too(client, clock):
    make_treatment(TREATMENT)
    assert client.post(PATH, data={"adult": "yes", "consent": "y"}).status_code == 422
    assert drafts() == 1


def test_sent_answers_leave_no_draft(client, clock):
    make_treatment(TREATMENT)
    client.post(f"{PATH}/draft", data={"adult": "yes", "consent": "y"})
    client.post(PATH, data={**calm(), "consent": "y"})
    assert drafts() == 0
    assert db.session.scalar(select(func.count(Screening.id))) == 1


def test_a_draft_is_sealed_and_of_one_browser_only(app, client, clock):
    make_treatment(TREATMENT)
    client.post(f"{PATH}/draft", data={"adult": "yes", "anything_else": CANARY, "consent": "y"})
    assert CANARY not in db.session.scalar(text("select answers from screening_draft"))
    assert CANARY not in app.test_client().get(PATH).text
    assert CANARY in client.get(PATH).text


def test_a_draft_follows_the_person_who_signs_in(app, clock):
    client = make_client()
    drafting.keep(Subject(browser_hash="mine"), TREATMENT, {"adult": "yes"})
    drafting.adopt("mine", client.id)
    db.session.commit()
    assert drafting.find(Subject(client_id=client.id), TREATMENT).answers == {"adult": "yes"}
    assert drafting.find(Subject(browser_hash="mine"), TREATMENT) is None


def test_old_drafts_are_dropped(app, clock):
    drafting.keep(Subject(browser_hash="mine"), TREATMENT, {"adult": "yes"})
    db.session.commit()
    clock.shift(timedelta(days=31))
    assert drafting.find(Subject(browser_hash="mine"), TREATMENT) is None
    assert drafting.sweep() == 1


def test_answering_again_asks_what_may_have_changed_and_fills_in_the_rest(client, clock):
    make_treatment(TREATMENT)
    client.post(PATH, data={**calm(keloid="no", sunburn="no"), "consent": "y"})
    page = client.get(f"{PATH}?again=1").text
    assert 'name="keloid" value="no" checked' in page
    assert 'name="sunburn" value="no" checked' not in page
