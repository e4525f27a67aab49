"""A client's diary at the desk: each look is written down, nobody looks for being powerful, and a visit's picture needs a word."""

from datetime import timedelta

import pytest

from shop.core import clock
from tests.account.test_diary import entries, picture_address, put, readings
from tests.account.things import make_visit
from tests.support.factories import make_client
from tests.support.people import browser_of_staff


@pytest.fixture
def treating(app):
    return {role: browser_of_staff(role, app) for role in ("consultant", "practitioner", "medical-lead")}


def test_each_look_of_staff_is_written_down_before_it_is_shown(as_client, treating):
    put(as_client, purpose=["consultant"])
    [entry] = entries(as_client.person)
    consultant, before = treating["consultant"], len(readings(as_client.person))
    consultant.get(f"/admin/clients/{as_client.person.id}/diary")
    consultant.get(picture_address(as_client.person, entry))
    assert readings(as_client.person)[before:] == ["diary", f"diary:{entry.id}"]
    as_client.get(f"/account/diary/{entry.id}/picture")
    assert len(readings(as_client.person)) == before + 2


@pytest.mark.parametrize("role", ["owner", "admin", "desk", "stock"])
def test_nobody_sees_it_for_being_powerful(as_client, app, role):
    put(as_client, purpose=["record", "consultant", "teaching", "advertising"])
    [entry] = entries(as_client.person)
    browser = browser_of_staff(role, app)
    for address in (picture_address(as_client.person, entry), "/admin/gallery", f"/admin/gallery/{entry.id}/picture"):
        assert browser.get(address).status_code == 403


def test_a_picture_at_a_visit_needs_the_clients_word_and_a_visit(as_client, treating):
    person, consultant = as_client.person, treating["consultant"]
    path = f"/admin/clients/{person.id}/diary"
    visit = make_visit(person, starts_at=clock.now() - timedelta(hours=1), number="V-HERE", uid="here")
    stranger = make_visit(make_client(), starts_at=clock.now() - timedelta(hours=5), number="V-ELSE", uid="else")
    unasked = put(consultant, path=path, visit=visit.number)
    assert unasked.status_code == 422
    assert "Ask the client first" in unasked.text
    assert put(consultant, path=path, visit=stranger.number, purpose=["consultant"]).status_code == 422
    assert put(consultant, b"", path=path, visit=visit.number, purpose=["consultant"]).status_code == 422
    assert not entries(person)
    assert put(consultant, path=path, visit=visit.number, purpose=["consultant", "record"]).status_code == 303
    [entry] = entries(person)
    assert (entry.visit_number, entry.day) == ("V-HERE", clock.today())
    assert "taken at the clinic" in as_client.get("/account/diary").text
    as_client.post(f"/account/diary/{entry.id}/purposes", data={"purpose": []})
    assert consultant.get(picture_address(person, entry)).status_code == 404
