"""A client may be treated when the answers, the signature and the trial are all there."""

from __future__ import annotations

import pytest

from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.texts import publish
from shop.intake import answering, consenting, patch_testing
from shop.intake.readiness import ready_for_treatment
from shop.intake.subjects import Subject
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_client

ABOUT = f"treatment:{TREATMENT}"


@pytest.fixture
def person(app, clock):
    publish("consent-treatment", title="Consent", body_md="Needles.", by="test")
    client = make_client()
    answering.save(Subject(client_id=client.id), TREATMENT, calm(), consent_version=1)
    db.session.commit()
    return client


def kinds(person, *addons):
    return [problem.kind for problem in ready_for_treatment(person.id, TREATMENT, addons)]


def sign(person, about=ABOUT):
    version = consenting.kinds_for([about])[about].version
    consenting.sign(person.id, about, version=version, name="Nora Beck", by="user:1")
    db.session.commit()


def test_everything_that_is_missing_is_named(app, clock):
    publish("consent-treatment", title="Consent", body_md="Needles.", by="test")
    assert kinds(make_client(), "peel") == ["answers", "consent", "consent", "patch test"]


def test_with_answers_signature_and_a_clear_trial_nothing_is_missing(person, clock):
    sign(person)
    sign(person, "addon:peel")
    test = patch_testing.place(person.id, "addon:peel", by="user:1")
    assert kinds(person, "peel") == ["patch test"]
    clock.move_to("2026-03-04T09:00:00Z")
    patch_testing.read(test.id, client_id=person.id, result="clear", by="user:1")
    assert kinds(person, "peel") == []


def test_a_newer_wording_asks_for_a_new_signature(person):
    sign(person)
    assert kinds(person) == []
    publish("consent-treatment", title="Consent", body_md="Needles, and more of them.", by="test")
    db.session.commit()
    assert kinds(person) == ["consent"]


def test_a_treatments_own_text_comes_before_the_general_one(person):
    publish(f"consent-treatment-{TREATMENT}", title="Own", body_md="This one.", by="test")
    db.session.commit()
    assert consenting.kinds_for([ABOUT])[ABOUT].text_kind == f"consent-treatment-{TREATMENT}"


def test_a_wording_that_changed_while_it_was_read_is_not_signed(person):
    with pytest.raises(Conflict):
        consenting.sign(person.id, ABOUT, version=7, name="Nora Beck", by="user:1")


@pytest.mark.parametrize("name", ["", " ", "ab", "x" * 121])
def test_a_signature_is_a_name(person, name):
    with pytest.raises(Refused):
        consenting.sign(person.id, ABOUT, version=1, name=name, by="user:1")


def test_a_signature_grows_old_and_can_be_taken_back(person, clock):
    sign(person)
    consenting.withdraw_consent(person.id, ABOUT)
    assert kinds(person) == ["consent"]
    sign(person)
    clock.move_to("2027-03-03T09:00:00Z")
    assert "consent" in kinds(person)


def test_a_trial_is_not_called_clear_before_its_time_and_read_once(person, clock):
    test = patch_testing.place(person.id, "addon:peel", by="user:1")
    with pytest.raises(Refused):
        patch_testing.read(test.id, client_id=person.id, result="clear", by="user:1")
    patch_testing.read(test.id, client_id=person.id, result="reaction", by="user:1")
    with pytest.raises(Conflict):
        patch_testing.read(test.id, client_id=person.id, result="clear", by="user:1")
    sign(person)
    sign(person, "addon:peel")
    assert kinds(person, "peel") == ["patch test"]


def test_a_clear_trial_ends_after_half_a_year(person, clock):
    sign(person)
    sign(person, "addon:peel")
    test = patch_testing.place(person.id, "addon:peel", by="user:1")
    clock.move_to("2026-03-05T09:00:00Z")
    patch_testing.read(test.id, client_id=person.id, result="clear", by="user:1")
    clock.move_to("2026-09-02T09:00:00Z")
    assert "patch test" in kinds(person, "peel")
