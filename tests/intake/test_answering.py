"""Answers decide before payment, replay by their version, and stay sealed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from shop.core.db import db
from shop.intake import answering
from shop.intake.answering import Subject
from shop.intake.asking import fill
from shop.intake.reading import read_screening, readings_of
from shop.intake.withdrawing import withdraw
from tests.support.factories import make_client, make_treatment

TREATMENT = "meso-hydration"
CANARY = "canary-xylophone-bluebell"


def calm(**changed: str) -> dict[str, str]:
    """Answers that speak against nothing: a plain no, an adult's birthday, a middle skin type."""
    given: dict[str, str] = {}
    for _ in range(4):
        form = fill(TREATMENT, given, is_sent=False)
        for _, group in form.groups:
            for asked in group:
                given.setdefault(asked.key, plain(asked))
        given.update(changed)
    return given


def plain(asked) -> str:
    if asked.kind == "yes_no":
        return "yes" if asked.key == "adult" else "no"
    if asked.kind == "choice":
        return asked.options[0][0]
    return "1990-05-01" if asked.kind == "date" else "nothing to add"


def saved(subject: Subject, **changed: str):
    screening = answering.save(subject, TREATMENT, calm(**changed), consent_version=1)
    db.session.commit()
    return screening


def test_without_answers_a_treatment_is_unanswered(app, clock):
    standing = answering.standings(Subject(browser_hash="b"), [TREATMENT])[TREATMENT]
    assert (standing.decision, standing.is_payable) == ("unanswered", False)


def test_answers_of_one_browser_decide_nothing_for_another(app, clock):
    saved(Subject(browser_hash="mine"))
    assert answering.standings(Subject(browser_hash="yours"), [TREATMENT])[TREATMENT].decision == "unanswered"
    assert answering.standings(Subject(browser_hash="mine"), [TREATMENT])[TREATMENT].decision != "unanswered"


def test_answers_become_the_clients_after_sign_in(app, clock):
    client = make_client()
    saved(Subject(browser_hash="mine"))
    answering.adopt("mine", client.id)
    db.session.commit()
    assert answering.standings(Subject(client_id=client.id), [TREATMENT])[TREATMENT].screening_id is not None


def test_answers_are_valid_for_a_set_time_only(app, clock):
    saved(Subject(browser_hash="mine"))
    clock.move_to("2026-06-15T09:00:00Z")
    assert answering.standings(Subject(browser_hash="mine"), [TREATMENT])[TREATMENT].decision == "unanswered"


def test_nothing_of_an_answer_stands_readable_in_the_database(app, clock):
    free_text = next(a.key for _, g in fill(TREATMENT, calm(), is_sent=False).groups for a in g if a.kind == "text")
    saved(Subject(browser_hash="mine"), **{free_text: CANARY})
    row = db.session.execute(text("select answers, decision from screening")).one()
    assert CANARY not in row.answers
    assert '"decision"' not in row.decision


def test_each_reading_by_staff_is_written_down(app, clock):
    client = make_client()
    screening = saved(Subject(client_id=client.id))
    screening_id, client_id = screening.id, client.id
    db.session.rollback()
    read_screening(screening_id, by="user:7")
    assert [row.by for row in readings_of(client_id)] == ["user:7"]


def test_answers_that_were_taken_back_decide_nothing_and_are_gone(app, clock):
    client = make_client()
    screening = saved(Subject(client_id=client.id))
    withdraw(Subject(client_id=client.id), by="test")
    db.session.commit()
    db.session.refresh(screening)
    assert screening.answers == {}
    assert answering.standings(Subject(client_id=client.id), [TREATMENT])[TREATMENT].decision == "unanswered"


def test_a_decision_replays_identically_by_its_stored_version(app, clock):
    screening = saved(Subject(browser_hash="mine"))
    assert answering.replay(screening, on=date(2026, 3, 2)).decision == screening.decision["decision"]


@pytest.mark.parametrize("size", [0, 1, 40])
def test_the_form_keeps_what_was_typed_and_names_what_is_missing(app, client, clock, size):
    make_treatment(TREATMENT)
    answers = dict(list(calm().items())[:size])
    response = client.post(f"/screening/{TREATMENT}", data=answers)
    assert response.status_code == 422
    assert "What you answered is kept" in response.text


def test_whole_answers_lead_on_or_to_a_reason(app, client, clock):
    make_treatment(TREATMENT)
    response = client.post(f"/screening/{TREATMENT}", data={**calm(), "consent": "y", "next": "/bag"})
    assert response.status_code == 303
    assert client.get(f"/screening/{TREATMENT}").status_code == 200
