"""The client's file: what those who treat know at a glance, notes, one line of time, and each reading written down."""

import pytest
from sqlalchemy import select, text

from shop.core.db import db
from shop.intake.facts import change_allergies
from shop.intake.models import ClientNote, HealthReading
from shop.intake.subjects import Subject
from tests.account.things import make_screening
from tests.plans.making import make_plan, make_shelf
from tests.support.factories import make_client

CAUSE = "note-of-the-tests-0001"


@pytest.fixture
def nora(app):
    make_shelf()
    client = make_client(name="Nora Beck")
    change_allergies(Subject(client_id=client.id), ["fish"], by="the tests")
    make_screening(client, {"phototype": "3"})
    make_plan(client)
    db.session.commit()
    return client


def note(browser, client, words, cause=CAUSE):
    return browser.post(f"/admin/clients/{client.id}/notes", data={"words": words, "cause": cause})


def test_those_who_treat_see_concern_skin_allergies_decisions_and_cupboard(nora, as_consultant):
    page = as_consultant.get(f"/admin/clients/{nora.id}").text
    for words in ("At a glance", "Calmer patches by summer", "fish", "Decisions", "Cupboard", "Pictures"):
        assert words in page
    subjects = db.session.scalars(select(HealthReading.subject).where(HealthReading.client_id == nora.id)).all()
    assert subjects == [f"client:{nora.id}"]


@pytest.mark.parametrize("role", ["owner", "admin", "desk"])
def test_nobody_else_sees_any_of_it_and_nothing_is_read(nora, as_role, as_consultant, role):
    note(as_consultant, nora, "Prefers mornings")
    powerful = as_role(role)
    page = powerful.get(f"/admin/clients/{nora.id}").text
    for words in ("At a glance", "Calmer patches", "fish", "Prefers mornings", "Questions answered", "#notes"):
        assert words not in page
    assert note(powerful, nora, "Mine", cause="note-of-the-tests-0002").status_code == 403


def test_a_note_is_written_once_kept_sealed_and_stands_on_the_line_of_time(nora, as_consultant):
    for _ in range(2):
        assert note(as_consultant, nora, "Prefers mornings").status_code == 303
    assert len(db.session.scalars(select(ClientNote)).all()) == 1
    assert "mornings" not in db.session.execute(text("select words from client_note")).scalar_one()
    page = as_consultant.get(f"/admin/clients/{nora.id}").text
    assert "Prefers mornings" in page
    line = page.partition("Timeline")[2]
    assert "#notes" in line
    assert "Questions answered" in line
    assert "Allergies and the like" in line


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001])
def test_a_note_that_cannot_be_kept_is_answered_beside_its_field(nora, as_consultant, words):
    answer = note(as_consultant, nora, words)
    assert answer.status_code == 422
    assert "note-error" in answer.text
    assert not db.session.scalars(select(ClientNote.id)).all()


def test_notes_leave_with_the_person_and_go_along_with_the_data(as_client, as_consultant):
    from tests.support.factories import PASSWORD

    note(as_consultant, as_client.person, "Canary of the notes")
    assert "Canary of the notes" in as_client.get("/account/privacy/export").text
    assert as_client.post("/account/privacy/erase", data={"current": PASSWORD}).status_code == 303
    assert not db.session.scalars(select(ClientNote.id)).all()


def test_the_file_costs_the_same_with_one_of_each_and_with_many(nora, as_consultant, statements):
    counts = []
    for more in (1, 6):
        for n in range(more):
            make_screening(nora, {"phototype": "2"})
            make_plan(nora)
            note(as_consultant, nora, f"Note {n}", cause=f"note-of-the-tests-{more}{n}00")
        as_consultant.get(f"/admin/clients/{nora.id}")
        with statements() as count:
            as_consultant.get(f"/admin/clients/{nora.id}")
        counts.append(len(count))
    assert counts[0] == counts[1]


def test_the_list_can_follow_each_keystroke_and_works_by_enter(nora, as_consultant):
    page = as_consultant.get("/admin/clients?q=nor").text
    assert "data-found" in page
    assert "find_clients.js" in page
    assert "Nora Beck" in page
    assert "Nobody matches" in as_consultant.get("/admin/clients?q=nobody-at-all").text
