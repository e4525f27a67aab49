"""A case is written down at the desk with what is known; the authority's report is filled in and names nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.cases.models import Case
from shop.cases.opening import open_case
from shop.cases.working import note
from shop.core.db import db
from shop.intake.reading import readings_of
from shop.wallet.models import Credit
from tests.orders.buying import place_order
from tests.support.factories import make_client, make_package, make_product, make_stock, make_variant
from tests.support.forms import forms


def form_of(browser, path):
    return next(form for form in forms(browser.get(path).text, here="/admin/cases/new") if "words" in form.names)


@pytest.fixture
def ann(clock, app):
    client = make_client(name="Ann Maria Bee", email="ann@example.com")
    variant = make_variant(make_product(name="Calm Serum", variants=0))
    make_stock(variant, 3, lot="L2")
    db.session.commit()
    return client, variant


def test_a_complaint_is_written_down_by_the_order(ann, as_role):
    client, variant = ann
    order = place_order(variant, client=client)
    desk = as_role("desk")
    form = form_of(desk, f"/admin/cases/new?order={order.number}")
    sent = form.fields | {"kind": "parcel", "words": "The box was wet."}
    answer = desk.post("/admin/cases/new", data=sent)
    assert answer.status_code == 303
    assert desk.post("/admin/cases/new", data=sent).status_code == 303  # the same press is the same case
    case = db.session.scalars(select(Case)).one()
    assert (case.kind, case.client_id, case.order_number) == ("parcel", client.id, order.number)
    assert "The box was wet." in desk.get(answer.headers["Location"]).text


def test_a_reaction_is_told_to_the_desk_which_cannot_read_it_afterwards(ann, as_role, mailbox):
    client, variant = ann
    place_order(variant, make_package(sessions=3), client=client)
    desk, lead = as_role("desk"), as_role("medical-lead")
    form = form_of(desk, "/admin/cases/new?who=maria")
    sent = form.fields | {
        "kind": "reaction_product",
        "words": "Red and itching.",
        "client": str(client.id),
        "since": "2026-03-01",
    }
    assert desk.post("/admin/cases/new", data=sent | {"pauses": "y"}).headers["Location"] == "/admin/cases"
    case = db.session.scalars(select(Case)).one()
    assert case.content["words"] == "Red and itching."
    assert db.session.scalars(select(Credit.frozen_on)).one() is not None
    assert desk.get(f"/admin/cases/{case.id}").status_code == 403
    assert desk.get(f"/admin/cases/{case.id}/report").status_code == 403
    assert mailbox.to("medical-lead@clinic.example")
    assert "Red and itching." in lead.get(f"/admin/cases/{case.id}").text


def test_a_reaction_needs_its_person(as_role):
    desk = as_role("desk")
    sent = form_of(desk, "/admin/cases/new").fields | {"kind": "reaction_product", "words": "Red."}
    answer = desk.post("/admin/cases/new", data=sent)
    assert answer.status_code == 422
    assert "A reaction belongs to a person" in answer.text
    assert "no order with this number" in desk.post("/admin/cases/new", data=sent | {"order": "AG-NONE"}).text


def test_the_report_is_filled_in_with_lots_and_initials(ann, as_role):
    client, _ = ann
    facts = {"name": "A lump", "since": "2026-02-20", "weeks": 5, "photo": ""}
    facts["sessions"] = [{"number": "V-1", "on": "2026-01-20", "lots": [{"name": "Vial A", "lot": "V77"}]}]
    facts["products"] = [{"on": "2026-01-10", "name": "Calm Serum", "lot": "L2", "order": "AG-1"}]
    case = open_case("reaction_product", client_id=client.id, cause="test", by="user:1", words="It itches.", facts=facts)
    note(case, "Seen at the clinic.", by="user:1")
    db.session.commit()
    page = as_role("practitioner").get(f"/admin/cases/{case.id}/report").text
    for words in (
        "Office for Product Safety and Standards",
        "A. M. B.",
        "batch L2",
        "Vial A, batch V77",
        "20 February 2026",
        "week 5",
        "Seen at the clinic.",
    ):
        assert words in page, words
    assert "Ann Maria" not in page
    assert "ann@example.com" not in page
    assert [reading.subject for reading in readings_of(client.id)] == [f"case:{case.id}"]


def test_a_complaint_has_no_report(ann, as_role):
    case = open_case("complaint", client_id=ann[0].id, cause="test", by="user:1", words="Too loud.")
    db.session.commit()
    assert as_role("practitioner").get(f"/admin/cases/{case.id}/report").status_code == 404


def test_everything_that_happened_with_a_client_is_one_list(ann, as_role, clock, statements):
    client, variant = ann
    path = f"/admin/clients/{client.id}/history"
    order = place_order(variant, client=client, tenders=[("cash", 2500)])
    clock.shift(timedelta(hours=1))
    desk, lead = as_role("desk"), as_role("practitioner")
    open_case("reaction_product", client_id=client.id, cause="one", by="client:1", words="Red.")
    open_case("complaint", client_id=client.id, cause="two", by="user:1", words="Late.")
    db.session.commit()
    page = desk.get(path).text
    assert f"Order {order.number}, £25.00" in page
    assert "£25.00 came in, cash" in page
    assert "Complaint was opened" in page
    assert "Reaction" not in page
    assert page.index("Complaint was opened") < page.index(f"Order {order.number}")
    assert "Reaction to a product was opened" in lead.get(path).text
    assert order.number not in lead.get(path).text  # orders are not a practitioner's

    def count():
        with statements() as counted:
            desk.get(path)
        return len(counted)

    few = count()
    for _ in range(3):
        place_order(make_stock_of(3), client=client)
    assert count() == few
    assert "came in" not in desk.get(f"{path}?about=case").text


def make_stock_of(units):
    variant = make_variant()
    make_stock(variant, units)
    return variant
