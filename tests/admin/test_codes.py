"""The desk of codes: made, changed, ended; what is typed wrong stays on the page with its reason."""

from __future__ import annotations

from sqlalchemy import select

from shop.bag.models import DiscountCode
from shop.core.db import db
from tests.support.factories import make_concern
from tests.support.forms import forms


def form_at(browser, path):
    return next(form for form in forms(browser.get(path).text, here=path) if "percent" in form.names)


def test_a_code_is_made_changed_and_ended(clock, as_admin):
    make_concern("calm")
    sent = form_at(as_admin, "/admin/codes/new").fields | {"name": "spring 10", "percent": "10.50", "limit_each": "1"}
    assert as_admin.post("/admin/codes/new", data=sent | {"concerns": "calm", "ends_on": "2026-03-31"}).status_code == 303
    code = db.session.scalars(select(DiscountCode)).one()
    assert (code.name, code.percent, code.concerns, code.limit_each) == ("SPRING10", "10.5", ["calm"], 1)
    page = as_admin.get("/admin/codes").text
    assert "10.5 %" in page
    assert "1 concern" in page
    assert "until 31 March 2026" in page
    path = f"/admin/codes/{code.id}"
    sent = form_at(as_admin, path).fields | {"percent": "", "amount": "5", "least": "50"}
    assert as_admin.post(path, data=sent).status_code == 303
    db.session.refresh(code)
    assert (code.percent, code.amount_minor, code.least_minor, code.concerns) == (None, 500, 5000, ["calm"])
    assert as_admin.post(path, data=sent).status_code == 409  # an older page
    assert as_admin.post(f"{path}/end").status_code == 303
    assert "Ended" in as_admin.get(path).text
    assert as_admin.post(f"{path}/end").status_code == 409


def test_what_is_typed_wrong_stays_with_its_reason(clock, as_admin):
    sent = form_at(as_admin, "/admin/codes/new").fields
    answer = as_admin.post("/admin/codes/new", data=sent | {"name": "OK-1", "percent": "120"})
    assert answer.status_code == 422
    assert "above 0 and up to 100" in answer.text
    assert 'value="120"' in answer.text
    assert as_admin.post("/admin/codes/new", data=sent | {"name": "OK-1", "amount": "5,00"}).status_code == 422
    assert db.session.scalars(select(DiscountCode)).all() == []


def test_the_list_costs_the_same_with_many_codes(clock, as_admin, statements):
    def count():
        as_admin.get("/admin/codes")
        with statements() as counted:
            as_admin.get("/admin/codes")
        return len(counted)

    few = count()
    for number in range(20):
        sent = form_at(as_admin, "/admin/codes/new").fields | {"name": f"CODE-{number}", "percent": "5"}
        as_admin.post("/admin/codes/new", data=sent)
    assert count() == few
