"""Allergies and pregnancy are learnt from the newest answers, kept sealed, and changed by the person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from shop.core.db import db
from shop.core.errors import Refused
from shop.intake import answering, facts
from shop.intake.facts import facts_of, words_in
from shop.intake.subjects import Subject
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_client

ALLERGIC = {"allergy": "yes", "allergy_fish": "yes", "allergy_words": "Limonene gives me a rash, and also wool wax."}


@pytest.fixture
def subject(app, clock):
    return Subject(client_id=make_client().id)


def answer(subject, **changed):
    answering.save(subject, TREATMENT, calm(**changed), consent_version=1)
    db.session.commit()


def test_allergies_come_from_the_questions_and_from_the_words(subject):
    answer(subject, **ALLERGIC)
    assert set(facts_of(subject).allergies) == {"fish", "limonene", "wool wax"}


def test_pregnancy_has_the_day_since_which_it_is_known(subject, clock):
    answer(subject, pregnant="yes")
    clock.move_to("2026-03-20T09:00:00Z")
    answer(subject, pregnant="yes")
    assert (facts_of(subject).pregnant, facts_of(subject).pregnant_on) == (True, "2026-03-02")
    answer(subject, pregnant="no")
    assert not facts_of(subject).pregnant


def test_an_allergy_stays_until_the_person_takes_it_away(subject):
    answer(subject, **ALLERGIC)
    answer(subject)
    assert "fish" in facts_of(subject).allergies
    facts.change_allergies(subject, ["limonene", "  ", "limonene"], by="client")
    db.session.commit()
    assert facts_of(subject).allergies == ("limonene",)


def test_a_needle_allergy_says_nothing_of_a_cream(subject):
    facts.change_allergies(subject, ["nickel", "fish"], by="client")
    assert facts_of(subject).for_products == ("fish",)


def test_words_that_nobody_knows_are_named_as_such(subject):
    facts.change_allergies(subject, ["moonflower dust", "fish"], by="client")
    assert facts_of(subject).not_understood == ("moonflower dust",)


def test_a_list_longer_than_anybodys_is_refused(subject):
    with pytest.raises(Refused):
        facts.change_allergies(subject, [f"thing {n}" for n in range(41)], by="client")


def test_a_browsers_facts_join_the_clients(subject):
    facts.change_allergies(subject, ["fish"], by="client")
    facts.change_allergies(Subject(browser_hash="b"), ["limonene"], by="guest")
    facts.adopt("b", subject.client_id)
    db.session.commit()
    assert facts_of(subject).allergies == ("fish", "limonene")
    assert facts_of(Subject(browser_hash="b")) == facts.NOTHING_KNOWN


def test_facts_are_sealed(subject):
    facts.change_allergies(subject, ["canary-moonflower"], by="client")
    db.session.commit()
    assert "moonflower" not in db.session.scalar(text("select facts from client_facts"))


@given(st.text(max_size=300))
def test_no_words_break_the_reading(words):
    found = words_in(words)
    assert len(found) <= facts.MOST
    assert all(0 < len(word) <= 200 for word in found)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("fish", ("fish",)),
        ("I am allergic to nuts and tea tree oil", ("nuts", "tea tree oil")),
        ("plasters", ("plasters",)),
        ("Linalool; methylisothiazolinone", ("linalool", "methylisothiazolinone")),
        ("", ()),
        ("I have hay fever", ()),
    ],
)
def test_known_names_are_taken_out_of_a_sentence(words, found):
    assert words_in(words) == found
