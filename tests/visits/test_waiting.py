"""Who waits hears of a free time once, the longest waiting first, only of times that fit, and comes off the list by booking."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import NotFound
from shop.visits import wishing
from shop.visits.booking import Choice, book
from shop.visits.cancelling import cancel
from shop.visits.choosing import matter_for
from shop.visits.models import Practitioner, VisitWish
from shop.visits.rescheduling import move
from tests.support.factories import make_client
from tests.support.forms import forms
from tests.support.people import browser_of
from tests.visits.clinic import at, book_at, make_credit, make_practitioner, open_clinic


def free_times(mailbox):
    return [mail for mail in mailbox if "time becomes free" in mail.text]


def wait(credit, **given):
    wishing.wish(credit.client_id, credit.code, practitioner_id=None, by="client:1", **given)
    db.session.commit()


def another(credit, **given):
    """The same treatment, somebody else's."""
    found = make_credit(make_client(user=None), **given)
    found.treatment_id, found.gaps = credit.treatment_id, credit.gaps
    db.session.commit()
    return found


def test_a_cancelled_time_is_told_to_who_waits_with_a_link_that_books_it(app, clock, mailbox):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    waits = another(credit)
    wait(waits)
    assert free_times(mailbox) == []
    cancel(visit, by="client:1")
    db.session.commit()
    [mail] = free_times(mailbox)
    assert mail.subject == "A time has become free: Tuesday 10 March, 10:00 am"
    assert credit.name not in mail.text
    assert f"/account/visits/new?what={waits.code}&at=2026-03-10T10:00Z" in mail.text
    assert len(free_times(mailbox)) == 1
    book_at(waits, "2026-03-10")
    assert wishing.waiting() == []
    assert db.session.scalars(select(VisitWish.ended_why)).all() == ["booked"]


def test_a_moved_time_is_told_too_and_only_five_hear_of_it(app, clock, mailbox):
    credit = open_clinic()
    visit = book_at(credit, "2026-03-10")
    crowd = [another(credit) for _ in range(7)]
    for waits in crowd:
        wait(waits)
    move(visit, Choice(starts_at=at("2026-03-16", 14)), cause="m", by="client:1")
    db.session.commit()
    assert len(free_times(mailbox)) == 5


def test_who_may_not_come_that_day_hears_nothing(app, clock, mailbox):
    """Too close to their last session, paused, or with somebody else."""
    credit = open_clinic()
    other = make_practitioner(name="Other")
    visit = book_at(credit, "2026-03-10")
    close, paused, elsewhere = another(credit), another(credit), another(credit)
    book_at(close, "2026-03-09")
    for waits in (close, paused):
        wait(waits)
    wishing.wish(elsewhere.client_id, elsewhere.code, practitioner_id=other.id, by="client:1")
    paused.frozen_on = at("2026-03-02").date()
    db.session.commit()
    cancel(visit, by="client:1")
    db.session.commit()
    assert free_times(mailbox) == []


def test_an_earlier_time_is_offered_to_who_has_a_later_one(app, clock, client, mailbox):
    credit = open_clinic()
    early = book_at(credit, "2026-03-10")
    later = book_at(another(credit), "2026-03-20")
    wishing.wish_earlier(later, by="client:1")
    db.session.commit()
    cancel(early, by="client:1")
    db.session.commit()
    [mail] = free_times(mailbox)
    path = mail.link("/appointments/")
    page = client.get(path).text
    assert "Tuesday 10 March" in page
    [form] = [form for form in forms(page, here=path) if "cause" in form.names]
    assert client.post(form.action, data=form.fields).status_code == 303
    db.session.expire_all()
    assert wishing.waiting() == []


def test_nobody_stands_on_the_list_twice_and_after_its_days_anew(app, clock):
    credit = open_clinic()
    for _ in range(2):
        wait(credit, last_day=at("2026-03-05").date())
    assert len(wishing.waiting()) == 1
    clock.move_to("2026-03-06T09:00:00Z")
    assert wishing.waiting() == []
    wait(credit)
    assert [one.last_day.isoformat() for one in wishing.waiting()] == ["2026-05-05"]


def test_a_client_puts_themselves_on_the_list_and_takes_themselves_off(app, clock):
    person = make_client()
    user = person.user
    credit = open_clinic(client=person)
    browser = browser_of(user, app=app, person=person)
    page = browser.get(f"/account/visits/new?what={credit.code}").text
    [form] = [form for form in forms(page, here="") if form.action == "/account/visits/wishes"]
    assert browser.post(form.action, data=form.fields).status_code == 303
    page = browser.get("/account/visits").text
    assert "You are waiting for" in page
    [form] = [form for form in forms(page, here="") if form.action.endswith("/end") and "wishes" in form.action]
    assert browser.post(form.action, data=form.fields).status_code == 303
    assert "You are waiting for" not in browser.get("/account/visits").text
    assert browser.post("/account/visits/wishes", data={"what": "NOT-MINE"}).status_code == 404


def test_another_clients_place_is_not_there(app, clock):
    credit = open_clinic()
    wait(credit)
    [mine] = wishing.waiting()
    with pytest.raises(NotFound):
        wishing.end(mine.id, client_id=credit.client_id + 1, by="client:2")


def test_the_desk_puts_on_and_takes_off(app, clock, as_role):
    credit = open_clinic()
    desk = as_role("desk")
    path = f"/admin/visits/new?client={credit.client_id}&what={credit.code}"
    [form] = [form for form in forms(desk.get(path).text, here=path) if form.action == "/admin/visits/waiting"]
    assert desk.post(form.action, data=form.fields).status_code == 303
    page = desk.get("/admin/visits/waiting").text
    assert credit.name in page
    [form] = [form for form in forms(page, here="") if form.action.endswith("/end")]
    assert desk.post(form.action, data=form.fields).status_code == 303
    assert "Nobody waits" in desk.get("/admin/visits/waiting").text


def test_the_list_costs_the_same_for_one_and_for_many(app, clock, statements):
    credit = open_clinic()
    wait(credit)
    counts = []
    for _ in range(2):
        with statements() as count:
            wishing.waiting()
        counts.append(len(count))
        for _ in range(5):
            wait(another(credit))
    assert counts[0] == counts[1] <= 3


def test_a_consultation_can_be_waited_for(app, clock, mailbox):
    credit = open_clinic()
    person = make_client(user=None)
    first = book(
        matter_for("consultation", client_id=credit.client_id), Choice(starts_at=at("2026-03-10")), cause="c", by="x"
    )
    wishing.wish(person.id, "consultation", practitioner_id=None, by="client:1")
    db.session.commit()
    cancel(first, by="client:1")
    db.session.commit()
    assert len(free_times(mailbox)) == 1
    assert db.session.scalar(select(Practitioner.id)) is not None
