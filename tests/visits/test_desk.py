"""The desk: who sees what, one tap each, booking for a client, records that save themselves, absences, working hours."""

from __future__ import annotations

import re
from functools import cache

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Client
from shop.admin.visits.forms import KNOWN_AREAS
from shop.catalog.models import Variant
from shop.core.db import db
from shop.intake.reading import readings_of
from shop.visits.models import DayOff, Practitioner, Room, TreatmentRecord, Visit, WorkingHours
from shop.visits.recording import save
from shop.wallet.models import Credit
from tests.orders.buying import place_order
from tests.support.factories import make_client, make_product
from tests.support.forms import forms
from tests.visits.clinic import at, book_at, make_credit, open_clinic

CAUSE = "a-cause-of-the-tests"
CANARY = "canary-amber-heron"


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def staff(as_role):
    """`staff("desk")`: the same browser each time it is asked for."""
    return cache(as_role)


@pytest.fixture
def today(app):
    """A visit of today, at 14:00, of a client named Nora."""
    credit = open_clinic(client=make_client(name="Nora Beck", phone="020 7946 0001"), addons=["led"], gaps=[7] * 5)
    return book_at(credit, "2026-03-02", 14)


def same(credit):
    other = make_credit(make_client(user=None))
    other.treatment_id, other.gaps = credit.treatment_id, credit.gaps
    db.session.flush()
    return other


def test_the_day_shows_who_comes_and_what_is_free(staff, today):
    text = staff("desk").get("/admin/visits").text
    assert "Nora Beck" in text
    assert "Session 1 of 6" in text
    assert "Is here" in text
    assert "visit-free" in text
    month = staff("desk").get("/admin/visits/month").text
    assert "March 2026" in month


def test_one_tap_each_from_arriving_to_the_next_appointment(staff, today):
    desk = staff("practitioner")
    assert desk.post(f"/admin/visits/{today.number}/arrived").status_code == 303
    page = desk.get(f"/admin/visits/{today.number}").text
    form = next(form for form in forms(page, here="/") if form.action.endswith("/treated"))
    assert "extra" in form.fields  # ticked unless somebody unticks it
    assert desk.post(form.action, data=form.fields).status_code == 303
    db.session.refresh(today)
    assert (today.state, today.session) == ("done", "used")
    assert "Write the record" in desk.get(f"/admin/visits/{today.number}").text
    data = {"revision": "0", "areas": ["forehead"], "reaction": "mild", "finish": "y"}
    assert desk.post(f"/admin/visits/{today.number}/record", data=data).status_code == 303
    page = desk.get(f"/admin/visits/{today.number}").text
    assert "Next: Monday 9 March, 2:00 pm" in page
    link = re.findall(r'href="(/admin/visits/new\?client=[^"]*at=[^"]*)"', page)[0].replace("&amp;", "&")
    confirm = next(form for form in forms(desk.get(link).text, here="/") if "cause" in form.names)
    assert desk.post(confirm.action, data=confirm.fields).status_code == 303
    assert db.session.scalar(select(func.count(Visit.id)).where(Visit.state == "booked")) == 1


def test_an_act_that_came_too_late_says_so_and_changes_nothing(staff, today):
    desk = staff("desk")
    desk.post(f"/admin/visits/{today.number}/cancelled")
    answer = desk.post(f"/admin/visits/{today.number}/arrived")
    assert answer.status_code == 409
    assert "has been cancelled in the meantime" in answer.text
    assert desk.post(f"/admin/visits/{today.number}/undone").status_code == 303
    db.session.refresh(today)
    assert (today.state, today.session) == ("booked", "held")


def test_only_those_who_treat_read_records_and_each_reading_is_on_file(staff, today):
    save(today, {"notes": CANARY}, revision=0, by="user:1")
    later = book_at(db.session.get(Credit, today.credit_id), "2026-03-10")
    today.state = "done"
    db.session.commit()
    for role in ("desk", "owner", "admin"):
        browser = staff(role)
        assert CANARY not in browser.get(f"/admin/visits/{later.number}").text
        assert browser.get(f"/admin/visits/{today.number}/record").status_code == 403
    assert readings_of(today.client_id) == []
    treats = staff("practitioner")
    assert CANARY in treats.get(f"/admin/visits/{later.number}").text
    assert CANARY in treats.get(f"/admin/visits/{today.number}/record").text
    assert [row.subject for row in readings_of(today.client_id)] == [f"record:{today.number}", f"visit:{later.number}"]


def test_a_record_saves_itself_while_it_is_typed_and_nobody_overwrites_it_unseen(staff, today):
    one, path = staff("practitioner"), f"/admin/visits/{today.number}/draft"
    typed = {"revision": "0", "solution": ["HA", ""], "ingredients": ["Aqua", ""], "lot": ["L1", ""], "notes": CANARY}
    first = one.post(path, data=typed)
    assert first.json == {"revision": 1, "saved_at": "9:30 am", "warnings": []}
    other = staff("consultant").post(path, data={**typed, "notes": "other"})
    assert other.status_code == 409
    assert "Somebody else has saved" in other.json["error"]
    assert one.post(path, data={**typed, "revision": "1"}).json["revision"] == 2
    content = db.session.scalars(select(TreatmentRecord)).one().content
    assert content["solutions"] == [{"name": "HA", "ingredients": "Aqua", "lot": "L1"}]
    assert content["notes"] == CANARY
    stale = one.post(f"/admin/visits/{today.number}/record", data={**typed, "notes": "typed in vain"})
    assert stale.status_code == 409
    assert "typed in vain" in stale.text


def test_same_as_last_time_fills_the_form_and_leaves_the_lots_to_be_read(staff, today):
    solution = {"name": "HA light", "ingredients": "Aqua", "lot": "L-77"}
    save(today, {"areas": ["forehead"], "device": "needle", "solutions": [solution]}, revision=0, by="user:1")
    later = book_at(db.session.get(Credit, today.credit_id), "2026-03-10")
    today.state = "done"
    db.session.commit()
    page = staff("practitioner").get(f"/admin/visits/{later.number}/record?same=1").text
    fields = next(form for form in forms(page, here="/") if "revision" in form.names).fields
    assert (fields["areas"], fields["device"]) == ("forehead", "needle")
    assert 'value="HA light"' in page
    assert 'placeholder="last time L-77"' in page
    assert 'value="L-77"' not in page


def test_booking_for_a_client_by_name(staff, today):
    desk = staff("desk")
    found = desk.get("/admin/visits/new?q=nora").text
    assert f"client={today.client_id}" in found
    assert "Nora Beck" in found
    credit = db.session.get(Credit, today.credit_id)
    what = desk.get(f"/admin/visits/new?client={today.client_id}").text
    assert credit.code in what
    times = desk.get(f"/admin/visits/new?client={today.client_id}&what={credit.code}&from=2026-03-10").text
    link = re.findall(r'href="(/admin/visits/new\?[^"]*[?;]at=[^"]*)"', times)[0].replace("&amp;", "&")
    form = next(form for form in forms(desk.get(link).text, here="/") if "cause" in form.names)
    assert desk.post(form.action, data=form.fields).status_code == 303


def test_spacing_is_set_aside_only_with_a_role_and_a_reason(staff, today):
    credit = db.session.get(Credit, today.credit_id)
    data = {"client": today.client_id, "what": credit.code, "at": "2026-03-04T10:00Z", "cause": CAUSE}
    refused = staff("practitioner").post("/admin/visits/new", data=data)
    assert refused.status_code == 422
    assert "needs at least 7 days" in refused.text
    reason = {**data, "override": "Looked at today"}
    assert staff("desk").post("/admin/visits/new", data=reason).status_code == 422
    assert staff("practitioner").post("/admin/visits/new", data=reason).status_code == 303


def test_the_desk_moves_within_the_notice_and_asks_for_the_early_start(staff, today):
    desk = staff("desk")
    answer = desk.post(f"/admin/visits/{today.number}/move", data={"at": "2026-03-05T11:00Z", "cause": CAUSE})
    assert answer.status_code == 303
    late = desk.post(f"/admin/visits/{today.number}/move", data={"at": "2026-03-05T12:00Z", "cause": CAUSE + "2"})
    assert late.status_code == 409
    credit = open_clinic_order(today)
    data = {"client": credit.client_id, "what": credit.code, "at": "2026-03-06T10:00Z", "cause": CAUSE + "3"}
    assert desk.post("/admin/visits/new", data=data).status_code == 422
    assert desk.post("/admin/visits/new", data={**data, "express": "y"}).status_code == 303


def open_clinic_order(visit):
    credit = make_credit(make_client(user=None), order_number="AG-7")
    credit.treatment_id, credit.gaps = visit.treatment_id, [7] * 5
    db.session.commit()
    return credit


def test_not_suitable_needs_somebody_who_treats_and_the_tick(staff, today):
    path = f"/admin/visits/{today.number}/not-suitable"
    assert staff("desk").post(path, data={"sure": "y"}).status_code == 403
    assert staff("practitioner").post(path).status_code == 422
    assert staff("practitioner").post(path, data={"sure": "y"}).status_code == 303
    db.session.refresh(today)
    assert (today.kind, today.session) == ("consultation", "free")


def test_one_page_moves_everything_of_an_absence(staff, today):
    desk = staff("desk")
    who = db.session.scalars(select(Practitioner.id)).one()
    query = f"who={who}&first=2026-03-02&last=2026-03-03"
    page = desk.get(f"/admin/visits/away?{query}").text
    assert "1 appointment from" in page
    form = next(form for form in forms(page, here="/") if "cause" in form.names)
    assert desk.post(form.action, data={**form.fields, "act": "move"}).status_code == 303
    assert db.session.scalars(select(Visit.starts_at).where(Visit.state == "booked")).one() == at("2026-03-04", 14)
    off = db.session.scalars(select(DayOff)).one()
    assert desk.post(f"/admin/visits/away/{off.id}/end").status_code == 303
    assert desk.post("/admin/visits/away", data={"act": "move", "cause": CAUSE}).status_code == 422


def test_hours_treatments_and_rooms_are_set_by_those_who_lead(staff, today):
    boss = staff("owner")
    who = db.session.scalars(select(Practitioner.id)).one()
    week = {"from_0": "08:00", "to_0": "12:00", "break_0": "10:00", "until_0": "10:15"}
    data = {"name": "Ada", "active": "y", "treatment": str(today.treatment_id), **week}
    assert boss.post(f"/admin/visits/team/{who}", data=data).status_code == 303
    row = db.session.scalars(select(WorkingHours).where(WorkingHours.practitioner_id == who)).one()
    assert (row.weekday, row.from_minute, row.to_minute, row.breaks) == (0, 480, 720, [[600, 615]])
    wrong = boss.post(f"/admin/visits/team/{who}", data={**data, "to_0": "07:00"})
    assert wrong.status_code == 422
    assert "Monday needs a beginning and a later end" in wrong.text
    assert boss.post("/admin/visits/rooms", data={"room": "Attic"}).status_code == 303
    assert boss.post("/admin/visits/rooms", data={"room": "Attic"}).status_code == 409
    attic = db.session.scalars(select(Room).where(Room.name == "Attic")).one()
    assert boss.post(f"/admin/visits/rooms/{attic.id}").status_code == 303
    assert staff("desk").get("/admin/visits/team").status_code == 403
    assert boss.post("/admin/visits/team/new", data={"name": "Eve", "active": "y"}).status_code == 303


def test_the_day_costs_the_same_with_one_visit_and_with_many(staff, today, statements):
    desk = staff("desk")
    desk.get("/admin/visits?day=2026-03-10")
    credit = db.session.get(Credit, today.credit_id)
    book_at(credit, "2026-03-10", 9)
    with statements() as few:
        desk.get("/admin/visits?day=2026-03-10")
    for hour in (11, 13, 15):
        book_at(same(credit), "2026-03-10", hour, 30)
    with statements() as many:
        assert desk.get("/admin/visits?day=2026-03-10").text.count("visit-entry") == 4
    assert len(few) == len(many), f"{few}\n{many}"


def test_the_card_says_what_is_at_home_and_what_runs_out(staff, today):
    """30 ml at 0.35 ml twice a day are 42 days: bought 20 January, empty on 3 March."""
    product = make_product(name="Calm serum", stock=5, amount_per_use_ml="0.35", uses_per_day=2)
    variant = db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
    variant.content_amount = 30
    order = place_order(variant, client=db.session.get_one(Client, today.client_id))
    order.placed_at = at("2026-01-20")
    db.session.commit()
    page = staff("desk").get(f"/admin/visits/{today.number}").text
    assert "Calm serum" in page
    assert "until about 3 March" in page
    assert "runs out" in page


def test_each_zone_of_the_map_is_the_label_of_its_tick_box(staff, today):
    page = staff("practitioner").get(f"/admin/visits/{today.number}/record").text
    ids = dict(re.findall(r'id="(area-\d+)" name="areas" value="([^"]+)"', page))
    zones = re.findall(r'class="zone zone-([\w-]+)" for="(area-\d+)"', page)
    assert len(zones) == 24
    assert {ids[target] for _, target in zones} == KNOWN_AREAS - {"whole scalp", "buttocks", "a single scar"}
    assert next(ids[target] for name, target in zones if name == "cheek-l") == "cheeks"
