"""Three taps to an appointment; moving and calling off, signed in or by the link of an e-mail; another person's is not there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.catalog.models import Treatment
from shop.core.db import db
from shop.core.texts import publish
from shop.intake import answering
from shop.intake.answering import Subject
from shop.intake.asking import fill
from shop.visits.links import visit_link
from shop.visits.models import Visit
from tests.support.factories import make_client
from tests.support.forms import forms
from tests.visits.clinic import book_at, make_credit, open_clinic

TIME = re.compile(r'href="(/account/visits/[^"]*[?;]at=[^"]*)"')


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


def follow(text: str, pattern: re.Pattern[str] = TIME) -> str:
    return pattern.findall(text)[0].replace("&amp;", "&")


def last_form(text: str, path: str):
    return next(form for form in forms(text, here=path) if {"cause", "at"} <= form.names)


@pytest.fixture
def mine(as_client, clock):
    """The signed-in client's six sessions at an open clinic."""
    return open_clinic(client=as_client.person)


def test_three_taps_book_an_appointment(as_client, mine, mailbox):
    what = as_client.get("/account/visits/new").text
    assert mine.code in what
    when = as_client.get(f"/account/visits/new?what={mine.code}").text
    confirm = as_client.get(follow(when)).text
    form = last_form(confirm, "/account/visits/new")
    answer = as_client.post(form.action, data=form.fields)
    assert answer.status_code == 303
    visit = db.session.scalars(select(Visit)).one()
    assert answer.headers["Location"].endswith(visit.number)
    again = as_client.post(form.action, data=form.fields)  # the same click
    assert again.headers["Location"] == answer.headers["Location"]
    assert "Session 1 of 6" in as_client.get("/account/visits").text
    mail = mailbox.last(as_client.person.email)
    assert "meso" not in (mail.subject + mail.text).lower()
    assert "Monday 2 March" in mail.subject


def test_a_time_that_went_meanwhile_leads_back_to_the_times(as_client, mine):
    form = last_form(as_client.get(follow(as_client.get(f"/account/visits/new?what={mine.code}").text)).text, "/")
    other = make_credit(make_client(user=None))
    other.treatment_id, other.gaps = mine.treatment_id, mine.gaps
    book_at(other, "2026-03-02", 11, 30)
    answer = as_client.post("/account/visits/new", data=form.fields)
    assert answer.status_code == 409
    assert "not free any more" in answer.text
    assert TIME.search(answer.text)


def test_the_early_start_is_asked_for_in_its_own_words_and_missing_the_tick_keeps_the_page(as_client, clock):
    credit = open_clinic(client=as_client.person, order_number="AG-1")
    page = as_client.get(f"/account/visits/new?what={credit.code}").text
    assert "From Tuesday 17 March" in page
    early = as_client.get(f"/account/visits/new?what={credit.code}&early=1").text
    confirm = as_client.get(follow(early)).text
    assert "I ask you to begin." in confirm
    form = last_form(confirm, "/")
    assert "express" not in form.fields
    refused = as_client.post("/account/visits/new", data=form.fields)
    assert refused.status_code == 422
    assert "Please tick the request first" in refused.text
    assert as_client.post("/account/visits/new", data={**form.fields, "express": "y"}).status_code == 303
    assert db.session.scalars(select(Visit)).one().express_version == 1


def test_another_persons_sessions_and_appointments_are_not_there(as_client, clock):
    other = open_clinic()
    visit = book_at(other, "2026-03-10")
    paths = [f"/account/visits/{visit.number}{act}" for act in ("", "/move", "/cancel", "/aftercare", "/calendar.ics")]
    paths += [f"/account/visits/new?what={other.code}", f"/account/visits/plan/{other.code}"]
    for path in paths:
        assert as_client.get(path).status_code == 404, path
    for act in ("move", "cancel", "confirm"):
        assert as_client.post(f"/account/visits/{visit.number}/{act}").status_code == 404
    assert as_client.post("/account/visits/new", data={"what": other.code, "at": "2026-03-11T10:00Z"}).status_code == 404
    db.session.refresh(visit)
    assert visit.state == "booked"


def test_moving_a_visit_in_its_pages(as_client, mine, mailbox):
    visit = book_at(mine, "2026-03-10")
    path = f"/account/visits/{visit.number}/move"
    page = as_client.get(path).text
    form = last_form(as_client.get(follow(page)).text, path)
    answer = as_client.post(form.action, data=form.fields)
    assert answer.status_code == 303
    assert as_client.get(f"/account/visits/{visit.number}").headers["Location"] == answer.headers["Location"]
    assert "is now on" in mailbox.last(as_client.person.email).subject


def test_calling_off_says_before_what_it_costs_and_charges_nothing_unseen(as_client, mine, clock):
    visit = book_at(mine, "2026-03-04", 10)
    page = as_client.get(f"/account/visits/{visit.number}/cancel").text
    assert "Your session stays yours." in page
    clock.shift(timedelta(hours=1))
    refused = as_client.post(f"/account/visits/{visit.number}/cancel", data={"seen": "free"})
    assert refused.status_code == 409
    assert "Cancel and give up the session" in refused.text
    assert as_client.post(f"/account/visits/{visit.number}/cancel", data={"seen": "session"}).status_code == 303
    db.session.refresh(visit)
    assert (visit.state, visit.session) == ("cancelled", "lost")


def test_a_link_opens_one_appointment_without_a_sign_in_and_names_no_treatment(client, app, clock, mailbox):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    path = "/" + visit_link(visit).split("/", 3)[3]
    page = client.get(path)
    assert page.status_code == 200
    assert credit.name not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert client.post(f"{path}/confirm").status_code == 303
    assert "You said that you will be there" in client.get(path).text
    times = client.get(f"{path}/move").text
    at = re.findall(rf'href="({re.escape(path)}/move[^"]*at=[^"]*)"', times)[0].replace("&amp;", "&")
    form = last_form(client.get(at).text, path)
    assert client.post(form.action, data=form.fields).status_code == 303
    assert "Monday 2 March" in client.get(path).text  # the same link shows where it is now
    assert client.post(f"{path}/cancel", data={"seen": "free"}).status_code == 409  # it is today by now
    assert client.get("/appointments/nonsense").status_code == 404


def test_without_a_client_file_the_pages_are_empty_and_whole(as_admin):
    assert as_admin.get("/account/visits").status_code == 200
    assert as_admin.get("/account/visits/new").status_code == 200


def test_a_consultation_is_booked_by_somebody_who_never_bought(as_client, clock):
    open_clinic()
    page = as_client.get("/account/visits/new?what=consultation").text
    form = last_form(as_client.get(follow(page)).text, "/")
    assert as_client.post("/account/visits/new", data=form.fields).status_code == 303
    assert db.session.scalars(select(Visit.kind)).one() == "consultation"


@pytest.mark.parametrize("page", ["/account/visits", "/account/visits/new", "/account/visits/new?what="])
def test_pages_cost_the_same_with_one_visit_and_with_many(as_client, mine, statements, page):
    address = page + (mine.code if page.endswith("=") else "")
    book_at(mine, "2026-03-10")
    as_client.get(address)
    with statements() as few:
        as_client.get(address)
    for day in ("2026-03-18", "2026-03-26", "2026-04-03", "2026-04-11"):
        book_at(mine, day)
    make_credit(as_client.person)
    db.session.commit()
    with statements() as many:
        assert as_client.get(address).status_code == 200
    assert len(few) == len(many), f"{few}\n{many}"
    assert len(many) <= 16


def test_answers_that_forbid_the_treatment_forbid_its_appointment_but_not_a_consultation(as_client, screened):
    credit = open_clinic(client=as_client.person)
    db.session.get(Treatment, credit.treatment_id).slug = "meso-lines"
    publish("consent-health-answers", title="Answers", body_md="Yes.", by="test")
    answering.save(Subject(client_id=as_client.person.id), "meso-lines", answers(pregnant="yes"), consent_version=1)
    db.session.commit()
    page = as_client.get(f"/account/visits/new?what={credit.code}").text
    assert not TIME.search(page)
    assert "person&#39;s eye" in page or "person's eye" in page
    assert TIME.search(as_client.get("/account/visits/new?what=consultation").text)


def answers(**changed: str) -> dict[str, str]:
    """Every question of the treatment answered so that nothing speaks against it, but for what is changed."""
    given: dict[str, str] = dict(changed)
    for _ in range(4):  # an answer may open further questions
        for _, group in fill("meso-lines", given, is_sent=False).groups:
            for asked in group:
                given.setdefault(asked.key, plain(asked))
    return given


def plain(asked) -> str:
    if asked.kind == "yes_no":
        return "yes" if asked.key == "adult" else "no"
    if asked.kind == "choice":
        return asked.options[0][0]
    return "1990-05-01" if asked.kind == "date" else "nothing"
