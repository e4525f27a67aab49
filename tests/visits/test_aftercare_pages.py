"""The days after: a page that counts from the visit, e-mails on the days that matter, three levels for what is noticed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.care.aftercare_signs import normal_today, signs
from shop.catalog.models import Treatment
from shop.core.db import db
from shop.visits.attending import extras_of, treat
from shop.visits.booking import Choice, book
from shop.visits.matters import free_matter
from shop.visits.undoing import undo
from shop.wallet.models import Credit
from tests.visits.clinic import at, book_at, open_clinic


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def visit(as_client, clock):
    """Done on Tuesday 10 March at 11:00, with a peel."""
    credit = open_clinic(client=as_client.person, addons=["peel"], sessions=2)
    db.session.get(Treatment, credit.treatment_id).slug = "meso-lines"
    visit = book_at(credit, "2026-03-10")
    clock.move_to(at("2026-03-10", 11))
    treat(visit, by="user:1", extras=[extra.id for extra in extras_of(visit)])
    db.session.commit()
    return visit


def letters(mailbox):
    return [mail.subject.partition(":")[0] for mail in mailbox if "a note from" in mail.subject]


def test_the_strictest_of_session_and_add_on_counts(as_client, visit):
    page = as_client.get(f"/account/visits/{visit.number}/aftercare").text
    assert "Because of the peel: no make-up until Thursday 12 March" in page


def test_each_stage_is_written_about_on_its_own_morning(visit, mailbox, clock):
    assert letters(mailbox) == ["The first days"]
    expected = {"2026-03-12": "Day 2", "2026-03-13": "Day 3", "2026-03-17": "Day 7", "2026-03-24": "Day 14"}
    for day, title in expected.items():
        clock.move_to(at(day, 7, 59))
        assert letters(mailbox)[-1] != title
        clock.move_to(at(day, 8))
        assert letters(mailbox)[-1] == title
    assert len(letters(mailbox)) == 5


def test_what_was_undone_is_not_written_about_any_more(visit, mailbox, clock):
    undo(visit, by="user:1")
    clock.move_to(at("2026-03-24", 9))
    assert letters(mailbox) == []


@pytest.mark.parametrize(
    ("sign", "hours", "words"),
    [
        ("redness", 10, "This is common at this point"),
        ("redness", 100, "Let us look at it today"),
        ("nonsense", 1, "Let us look at it today"),
    ],
)
def test_what_is_noticed_is_taken_on_three_levels_by_the_hours_since(as_client, visit, clock, sign, hours, words):
    clock.shift(timedelta(hours=hours))
    page = as_client.get(f"/account/visits/{visit.number}/aftercare?sign={sign}").text
    assert words in page
    assert 'href="tel:999"' in page


def test_an_urgent_sign_says_call_now(as_client, visit):
    urgent = next(key for key, _ in signs() if normal_today(key, 1).level == "urgent")
    assert "Please call now" in as_client.get(f"/account/visits/{visit.number}/aftercare?sign={urgent}").text


def test_a_consultation_has_no_aftercare(as_client, clock):
    open_clinic(client=as_client.person)
    matter = free_matter("consultation", client_id=as_client.person.id)
    talk = book(matter, Choice(starts_at=at("2026-03-10")), cause="c", by="client:1")
    assert as_client.get(f"/account/visits/{talk.number}/aftercare").status_code == 404


def test_after_the_last_session_upkeep_is_proposed_once_and_only_to_who_has_not_come_back(visit, mailbox, clock):
    last = book_at(db.session.get(Credit, visit.credit_id), "2026-03-24")
    clock.move_to(at("2026-03-24", 11))
    treat(last, by="user:1")
    db.session.commit()
    assert not [mail for mail in mailbox if "Is it time" in mail.subject]
    clock.shift(timedelta(days=91))
    assert len([mail for mail in mailbox if "Is it time" in mail.subject]) == 1
