"""Health answers: only those who treat, only for a reason, and each reading is on record before anything is shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.accounts.models import ROLES
from shop.core.db import db
from shop.core.texts import publish
from shop.intake import answering, papers, reviewing
from shop.intake.models import HealthReading, InformedConsent, PatchTest
from shop.intake.subjects import Subject
from tests.intake.test_answering import CANARY, TREATMENT, calm
from tests.support.factories import make_client, make_treatment

TREATING = {"consultant", "practitioner", "medical-lead"}


@pytest.fixture
def screening(app, clock):
    make_treatment(TREATMENT)
    client = make_client(name="Nora Beck")
    answers = calm(keloid="yes", anything_else=CANARY)
    row = answering.save(Subject(client_id=client.id), TREATMENT, answers, consent_version=1)
    db.session.commit()
    return row


def readings():
    return db.session.scalars(select(HealthReading).order_by(HealthReading.id)).all()


@pytest.mark.parametrize("role", sorted(set(ROLES) - TREATING))
def test_no_role_reads_answers_by_being_powerful(screening, as_role, role):
    browser = as_role(role)
    for path in (
        "/admin/answers",
        f"/admin/answers/{screening.id}?why=asked",
        f"/admin/answers/clients/{screening.client_id}?why=visit",
    ):
        assert browser.get(path).status_code == 403
    assert readings() == []


def test_without_a_reason_nothing_is_shown(screening, as_consultant):
    for path in (f"/admin/answers/{screening.id}", f"/admin/answers/clients/{screening.client_id}"):
        page = as_consultant.get(path)
        assert CANARY not in page.text
        assert "Why do you read?" in page.text
    assert readings() == []


def test_a_reading_is_on_record_with_its_reason(screening, as_consultant):
    page = as_consultant.get(f"/admin/answers/{screening.id}?why=asked")
    assert CANARY in page.text
    assert "keloid" in page.text.lower()
    row = readings()[0]
    assert (row.by, row.why, row.client_id) == (f"user:{as_consultant.user.id}", "asked", screening.client_id)


def test_only_the_medical_lead_lets_pass_what_the_rules_refuse(screening, as_consultant, as_role):
    said = {"verdict": "pass", "note": "Seen in person", "why": "asked"}
    as_consultant.post(f"/admin/answers/{screening.id}", data=said)
    assert not answering.standings(Subject(client_id=screening.client_id), [TREATMENT])[TREATMENT].is_payable
    as_role("medical-lead").post(f"/admin/answers/{screening.id}", data=said)
    assert answering.standings(Subject(client_id=screening.client_id), [TREATMENT])[TREATMENT].is_payable


def test_a_look_can_confirm_the_answer(screening, as_consultant):
    reviewing.ask_again(Subject(client_id=screening.client_id), TREATMENT)
    assert "Nora Beck" in as_consultant.get("/admin/answers").text
    as_consultant.post(f"/admin/answers/{screening.id}", data={"verdict": "stands", "note": "Seen", "why": "asked"})
    assert "Nothing waits for you" in as_consultant.get("/admin/answers").text


def test_a_letter_is_handed_out_as_a_file_and_the_reading_is_on_record(screening, as_role):
    file = papers.keep(b"%PDF-1 letter", purpose="letter", client_id=screening.client_id, screening_id=screening.id)
    answer = as_role("practitioner").get(f"/admin/answers/files/{file.name}")
    assert answer.data == b"%PDF-1 letter"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert readings()[0].subject == f"file:{file.id}"
    assert as_role("admin").get(f"/admin/answers/files/{file.name}").status_code == 403


def test_the_client_signs_on_the_tablet(screening, as_consultant):
    publish("consent-treatment", title="Consent", body_md="Fine needles.", by="test")
    path = f"/admin/answers/clients/{screening.client_id}/consents/treatment:{TREATMENT}"
    page = as_consultant.get(path)
    assert "Fine needles." in page.text
    assert CANARY not in page.text
    assert as_consultant.post(path, data={"agreed": "y", "version": "1"}).status_code == 422
    assert as_consultant.post(path, data={"agreed": "y", "version": "1", "signed_name": "Nora Beck"}).status_code == 303
    row = db.session.scalars(select(InformedConsent)).one()
    assert (row.signed_name, row.text_version, row.by) == ("Nora Beck", 1, f"tablet:user:{as_consultant.user.id}")


def test_a_trial_is_placed_and_read(screening, as_role, clock):
    browser = as_role("practitioner")
    path = f"/admin/answers/clients/{screening.client_id}/trials"
    browser.post(path, data={"about": f"treatment:{TREATMENT}", "placed_on": "2026-02-27", "why": "visit"})
    test = db.session.scalars(select(PatchTest)).one()
    browser.post(f"{path}/{test.id}", data={"result": "clear", "note": "calm", "why": "visit"})
    assert "calm" in browser.get(f"/admin/answers/clients/{screening.client_id}?why=visit").text
    assert test.expires_on.isoformat() == "2026-08-29"
