"""A letter comes in by its content, lies sealed, is read by those who treat, and opens what waited."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select, text

from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Refused
from shop.intake import answering, papers, reviewing
from shop.intake.models import Screening, SealedFile
from shop.intake.subjects import Subject
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_treatment

PATH = f"/screening/{TREATMENT}"
PDF = b"%PDF-1.7 canary letter of Dr Quill " + b"x" * 2_500_000  # larger than any other form may be
NEEDS_LETTER = {"thyroid": "yes"}


@pytest.fixture
def answered(clock, as_client):
    make_treatment(TREATMENT)
    answering.save(Subject(client_id=as_client.person.id), TREATMENT, calm(**NEEDS_LETTER), consent_version=1)
    db.session.commit()
    return as_client


def bring(browser, raw: bytes, name: str = "letter.pdf"):
    return browser.post(f"{PATH}/letter", data={"file": (BytesIO(raw), name)})


def screening() -> Screening:
    return db.session.scalars(select(Screening)).one()


def test_a_letter_is_kept_sealed_under_a_name_of_ours(answered):
    assert bring(answered, PDF, "../../my secret name.pdf").status_code == 303
    file = db.session.scalars(select(SealedFile)).one()
    assert (file.media_type, file.byte_count) == ("application/pdf", len(PDF))
    assert "secret" not in file.name
    assert b"canary" not in bytes(db.session.scalar(text("select content from sealed_file")))
    assert papers.opened(file.name).content == PDF
    assert "A letter is here" in answered.get(PATH).text


@pytest.mark.parametrize(
    "raw", [b"", b"<script>alert(1)</script>", b"MZ\x90\x00", b"%PDF-" + b"x" * papers.LARGEST, b"GIF89a"]
)
def test_what_is_no_letter_is_refused_whatever_it_is_called(answered, raw):
    answer = bring(answered, raw)
    assert answer.status_code in (413, 422)
    assert db.session.scalars(select(SealedFile)).all() == []


def test_without_a_token_no_letter_is_taken(answered):
    answer = answered.post(f"{PATH}/letter", data={"file": (BytesIO(PDF), "a.pdf")}, csrf=False)
    assert answer.status_code == 400
    assert db.session.scalars(select(SealedFile)).all() == []


def test_a_stranger_cannot_bring_a_letter_to_somebody_elses_answers(answered, app):
    assert bring(app.test_client(), b"%PDF-1").status_code == 404


def test_a_letter_asks_for_a_person_and_the_entry_tells_nothing(answered):
    bring(answered, b"%PDF-1")
    entry = db.session.scalars(select(AttentionEntry)).one()
    assert "thyroid" not in entry.reason.lower() + entry.what_to_do.lower()
    assert [row.what for row in reviewing.waiting()] == ["A letter"]


def test_signed_off_it_opens_what_waited_and_the_client_hears(answered, mailbox):
    bring(answered, b"%PDF-1")
    subject = Subject(client_id=answered.person.id)
    assert answering.standings(subject, [TREATMENT])[TREATMENT].decision == "letter"
    reviewing.let_pass(screening(), note="Dr Quill agrees", by="user:7")
    db.session.commit()
    assert answering.standings(subject, [TREATMENT])[TREATMENT].is_payable
    assert reviewing.waiting() == []
    assert db.session.scalars(select(AttentionEntry.resolved_by)).one() == "user:7"
    mail = mailbox.last(answered.person.email)
    assert "thyroid" not in str(mail).lower()
    assert "letter" not in mail.subject.lower()


def test_an_open_question_is_asked_before_anything_is_signed_off(app, clock):
    answers = calm(**NEEDS_LETTER)
    answers.pop("keloid")
    row = answering.save(Subject(browser_hash="b"), TREATMENT, answers, consent_version=1)
    with pytest.raises(Refused):
        reviewing.let_pass(row, note="fine", by="user:7")


def test_a_person_looks_again_at_a_no_and_her_word_counts(clock, as_client, mailbox):
    make_treatment(TREATMENT)
    subject = Subject(client_id=as_client.person.id)
    answering.save(subject, TREATMENT, calm(keloid="yes"), consent_version=1)
    as_client.post(f"{PATH}/again")
    assert [row.what for row in reviewing.waiting()] == ["Asked for a person"]
    reviewing.let_stand(screening(), note="keloid seen", by="user:7")
    db.session.commit()
    assert answering.standings(subject, [TREATMENT])[TREATMENT].decision == "no"
    assert reviewing.waiting() == []
    assert "keloid" not in str(mailbox.last(as_client.person.email)).lower()
    assert "the answer stands" in as_client.get(PATH).text


def test_a_guest_who_wants_a_person_leaves_an_address(client, clock):
    make_treatment(TREATMENT)
    client.post(PATH, data={**calm(keloid="yes"), "consent": "y"})
    assert client.post(f"{PATH}/again").status_code == 422
    assert client.post(f"{PATH}/again", data={"email": "ann@example.com"}).status_code == 303
    assert screening().contact == "ann@example.com"
    assert "ann@example.com" not in db.session.scalar(text("select contact from screening"))


def test_answers_taken_back_take_the_letter_along(answered):
    bring(answered, b"%PDF-1")
    assert answered.post(f"{PATH}/withdraw").status_code == 303
    assert db.session.scalars(select(SealedFile)).all() == []
    assert screening().answers == {}
