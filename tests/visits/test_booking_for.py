"""A consultation for somebody else is theirs: their file, their confirmation, nothing of it in the booker's account."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.accounts.models import Client
from shop.core.db import db
from shop.visits.models import Visit
from tests.support.forms import forms
from tests.visits.clinic import open_clinic
from tests.visits.test_client_pages import follow

PATH = "/account/visits/for-somebody"
NORA = {"name": "Nora New", "email": "nora@example.com", "adult": "y"}


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def form(app, as_client):
    open_clinic()
    what = as_client.get("/account/visits/new").text
    assert PATH in what
    page = as_client.get(follow(as_client.get(PATH).text)).text
    return next(form for form in forms(page, here=PATH) if "adult" in form.names)


def test_it_opens_their_file_and_writes_to_them_alone(form, as_client, client, mailbox):
    for _ in range(2):  # a second click is the first one
        assert as_client.post(PATH, data=form.fields | NORA).status_code == 303
    visit = db.session.scalars(select(Visit)).one()
    person = db.session.get_one(Client, visit.client_id)
    assert (person.name, person.user_id, visit.kind) == ("Nora New", None, "consultation")
    assert "No appointment ahead" in as_client.get("/account/visits").text
    assert as_client.get(f"/account/visits/{visit.number}").status_code == 404
    [mail] = mailbox.to("nora@example.com")
    path = mail.link("/calendar.ics").removesuffix("/calendar.ics")
    assert client.post(f"{path}/confirm").status_code == 303


@pytest.mark.parametrize(
    ("typed", "says"), [({"adult": ""}, "know of it"), ({"email": "x"}, "e-mail address"), ({"name": ""}, "Who comes")]
)
def test_what_is_missing_is_said_and_the_rest_stays(form, as_client, typed, says):
    answer = as_client.post(PATH, data={k: v for k, v in (form.fields | NORA | typed).items() if v})
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(Visit.id)) is None


def test_a_taken_time_leads_back_to_the_times(form, as_client):
    assert as_client.post(PATH, data=form.fields | NORA).status_code == 303
    answer = as_client.post(PATH, data=form.fields | NORA | {"cause": "d" * 20, "email": "other@example.com"})
    assert answer.status_code == 409
    assert db.session.scalars(select(Client.email).where(Client.user_id.is_(None), Client.name == "Nora New")).all() == [
        "nora@example.com"
    ]


def test_nobody_books_for_the_whole_town(form, as_client):
    for n in range(9):
        page = as_client.get(follow(as_client.get(PATH).text)).text
        fresh = next(form for form in forms(page, here=PATH) if "adult" in form.names)
        answer = as_client.post(PATH, data=fresh.fields | NORA | {"email": f"p{n}@example.com"})
    assert answer.status_code == 429
    assert len(db.session.scalars(select(Visit)).all()) == 8
