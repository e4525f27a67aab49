"""Somebody leaves: access ends at once, nothing is taken along, and what waited with them goes on with a colleague."""

import pytest
from sqlalchemy import select

from shop.accounts.assigning import assign, consultants_of
from shop.accounts.rights import EXPORT
from shop.cases.opening import open_case
from shop.catalog.models import Treatment
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.history import history_of
from shop.plans.asking import ask
from shop.plans.models import Plan
from shop.visits.models import Practitioner, Visit, WorkingHours
from tests.accounts.ways import reread
from tests.plans.making import make_plan, make_shelf
from tests.support.factories import make_client, make_user
from tests.support.forms import forms
from tests.support.people import browser_of
from tests.visits.clinic import book_at, make_practitioner, open_clinic

EXPORTS = (
    "/admin/imports/export.csv",
    "/admin/reports/sales.csv",
    "/admin/reports/owed.csv",
    "/admin/orders/carrier/parcels.csv",
)


def hand_over(browser, user, to):
    path = f"/admin/staff/{user.id}"
    form = next(form for form in forms(browser.get(path).text, here=path) if form.action == f"{path}/hand-over")
    return browser.post(form.action, data=form.fields | {"to": str(to.id)})


@pytest.fixture
def ines(app, clock):
    return make_user(email="ines@clinic.example", name="Ines Okafor", role="consultant")


@pytest.fixture
def omar(app, clock):
    return make_user(email="omar@clinic.example", name="Omar Reid", role="consultant")


@pytest.fixture
def clinic(ines, omar):
    """Ines and Omar give the same treatment; two clients are booked with Ines, one of them when Omar is taken."""
    credit = open_clinic(practitioners=0, rooms=3)
    given = db.session.scalars(select(Treatment)).one()
    hers = make_practitioner(given, name="Ines Okafor", user_id=ines.id)
    his = make_practitioner(given, name="Omar Reid", user_id=omar.id)
    db.session.commit()
    return credit, hers, his


def test_appointments_keep_their_time_with_the_colleague_and_the_client_is_told(
    clock, as_admin, ines, omar, clinic, mailbox
):
    credit, hers, his = clinic
    visit = book_at(credit, "2026-03-10", 10, practitioner_id=hers.id)
    assert hand_over(as_admin, ines, omar).status_code == 303
    now = db.session.scalars(select(Visit).where(Visit.state == "booked")).one()
    assert (now.practitioner_id, now.starts_at) == (his.id, visit.starts_at)
    assert db.session.get_one(Practitioner, hers.id, populate_existing=True).is_active is False
    assert [row.axis for row in history_of(f"user:{ines.id}")] == ["handed over"]
    assert history_of(f"user:{ines.id}")[0].details["visits"] == 1
    assert len([mail for mail in mailbox if "appointment" in mail.subject.lower()]) >= 1
    page = as_admin.get(f"/admin/staff/{ines.id}").text
    assert "hand-over" not in page


def test_an_appointment_without_another_time_waits_for_a_person(clock, as_admin, ines, clinic):
    credit, hers, his = clinic
    book_at(credit, "2026-03-10", 10, practitioner_id=hers.id)
    for hours in db.session.scalars(select(WorkingHours).where(WorkingHours.practitioner_id == his.id)):
        db.session.delete(hours)
    desk = make_user(email="desk@clinic.example", role="desk")
    db.session.commit()
    assert hand_over(as_admin, ines, desk).status_code == 303
    visit = db.session.scalars(select(Visit)).one()
    assert (visit.state, visit.practitioner_id) == ("booked", hers.id)
    assert db.session.scalars(select(AttentionEntry.subject)).all() == [f"visit:{visit.number}"]
    hand_over(as_admin, ines, desk)
    assert len(db.session.scalars(select(AttentionEntry)).all()) == 1


def test_plans_questions_clients_and_cases_go_on(clock, as_admin, ines, omar):
    make_shelf()
    draft, asked = (make_plan(consultant=ines) for _ in range(2))
    ask(asked, "Morning or evening?", by="client", cause="q1")
    client = make_client()
    assign(client.id, ines.id, by="system")
    case = open_case("complaint", client_id=client.id, cause="c1", by="system", words="Too warm a room")
    case.owner_id = ines.id
    db.session.commit()
    assert hand_over(as_admin, ines, omar).status_code == 303
    assert {reread(plan).consultant_id for plan in (draft, asked)} == {omar.id}
    assert [one.id for one in consultants_of(client.id)] == [omar.id]
    assert reread(case).owner_id == omar.id
    assert [row.axis for row in history_of(f"case:{case.id}")][-1] == "owner"
    assert db.session.scalars(select(Plan.consultant_id).distinct()).all() == [omar.id]


def test_only_a_colleague_who_works_here_can_take_over(clock, as_admin, ines, as_client):
    client = make_client()
    assign(client.id, ines.id, by="system")
    db.session.commit()
    for to in (ines.id, as_client.user.id, 10**6):
        assert as_admin.post(f"/admin/staff/{ines.id}/hand-over", data={"to": str(to), "cause": "x" * 20}).status_code in (
            404,
            422,
        )
    assert [one.id for one in consultants_of(client.id)] == [ines.id]


def test_whoever_has_given_notice_takes_no_list_along_and_the_trail_says_since_when(as_role, as_admin):
    leaving = as_role("owner")
    chief = browser_of(make_user(email="second@clinic.example", role="owner"), app=leaving.application)
    for path in EXPORTS:
        assert leaving.get(path).status_code == 200, path
    assert chief.post(f"/admin/staff/{leaving.user.id}/exports", data={"closed": "y"}).status_code == 303
    for path in EXPORTS:
        assert leaving.get(path).status_code == 403, path
    assert leaving.get("/admin/orders").status_code == 200
    assert leaving.post(f"/admin/staff/{leaving.user.id}/exports").status_code == 422
    assert as_admin.post(f"/admin/staff/{leaving.user.id}/exports").status_code == 403
    chief.post(f"/admin/staff/{leaving.user.id}/exports")
    assert leaving.get(EXPORTS[0]).status_code == 200
    assert [row.now for row in history_of(f"user:{leaving.user.id}")] == ["closed", "open"]


def test_every_address_that_hands_out_a_file_of_the_desk_is_closed(app):
    words = ("export", "csv", "evidence", "download")
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin") and "GET" in rule.methods]
    given_out = [rule for rule in rules if any(word in rule for word in words)]
    assert given_out
    assert [rule for rule in given_out if not EXPORT.search(rule)] == []
