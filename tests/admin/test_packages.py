"""The package desk: gaps fit into the validity, the neutral name tells nothing, what was sold stays."""

import pytest
from sqlalchemy import select

from shop.admin.packages.editing import shown_gaps, stored_gaps
from shop.catalog.models import Package
from shop.core.db import db
from shop.core.errors import Refused
from tests.support.factories import make_concern, make_package, make_treatment
from tests.support.forms import forms


def package_form(browser, package, **typed):
    path = f"/admin/packages/{package.id}"
    form = next(f for f in forms(browser.get(path).text, here=path) if "gaps" in f.names)
    return path, {**form.fields, **typed}


def test_gaps_that_do_not_fit_name_the_days_needed_and_a_better_validity(as_admin):
    package = make_package(sessions=6)
    path, sent = package_form(as_admin, package, gaps="28,28,28,28,28", validity_days="90")
    answer = as_admin.post(path, data=sent)
    assert answer.status_code == 422
    assert "needs 140 days at best, suggest 210" in answer.text
    assert 'value="28,28,28,28,28"' in answer.text
    assert package.validity_days == 365


def test_gaps_are_kept_as_they_are_typed(as_admin):
    package = make_package(sessions=4)
    path, sent = package_form(as_admin, package, gaps="7,7,14-28", validity_days="60")
    assert as_admin.post(path, data=sent).status_code == 303
    assert package.gaps == [[7, None], [7, None], [14, 28]]
    assert 'value="7,7,14-28"' in as_admin.get(path).text


def test_the_last_gap_repeats():
    assert stored_gaps("7,14", sessions=5, validity_days=60) == [[7, None], [14, None], [14, None], [14, None]]
    assert shown_gaps([[7, None], [14, 28]]) == "7,14-28"
    assert stored_gaps("", sessions=1, validity_days=30) == []


@pytest.mark.parametrize(("text", "sessions", "field"), [
    ("7,7", 2, "gaps"), ("", 2, "gaps"), ("soon", 3, "gaps"), ("0", 2, "gaps"), ("20-10", 2, "gaps"), ("400", 2, "validity_days"),
])  # fmt: skip
def test_gaps_that_cannot_be_are_refused(text, sessions, field):
    with pytest.raises(Refused) as refused:
        stored_gaps(text, sessions=sessions, validity_days=365)
    assert refused.value.field == field


def test_the_neutral_name_must_not_tell_what_was_bought(as_admin):
    make_concern("pigmentation", name="Pigmentation")
    package = make_package(make_treatment(name="Meso Lines"))
    for name in ("Pigmentation care (6)", "6 x meso lines"):
        path, sent = package_form(as_admin, package, statement_name=name)
        answer = as_admin.post(path, data=sent)
        assert answer.status_code == 422, name
        assert "must not name" in answer.text


def test_a_price_has_its_history(as_admin):
    package = make_package()
    path, sent = package_form(as_admin, package, price="612")
    assert as_admin.post(path, data=sent).status_code == 303
    page = as_admin.get(path).text
    assert "£540.00" in page
    assert "£612.00" in page


def test_what_was_sold_keeps_its_price_and_gaps(as_admin, client, standin):
    from shop.orders.models import OrderLine
    from shop.wallet.models import Credit
    from tests.support.journeys import buy

    package = make_package(sessions=6)
    buy(client, standin, package=package.slug)
    path, sent = package_form(as_admin, package, price="999", gaps="30", validity_days="300")
    assert as_admin.post(path, data=sent).status_code == 303
    assert db.session.scalars(select(OrderLine.gross_minor).where(OrderLine.kind == "package")).one() == 54000
    assert db.session.scalars(select(Credit)).one().gaps == [[7, 14]] * 5


def test_a_copy_is_a_draft_with_an_address_of_its_own(as_admin, client):
    package = make_package(slug="meso-lines-6")
    as_admin.post(f"/admin/packages/{package.id}/duplicate")
    copy = db.session.scalars(select(Package).where(Package.id != package.id)).one()
    assert (copy.slug, copy.state) == ("meso-lines-6-2", "draft")
    assert client.get("/packages/meso-lines-6-2").status_code == 404
    as_admin.post(f"/admin/packages/{copy.id}/state", data={"state": "live"})
    assert client.get("/packages/meso-lines-6-2").status_code == 200


def test_an_archived_package_is_not_sold(as_admin, client):
    package = make_package()
    as_admin.post(f"/admin/packages/{package.id}/state", data={"state": "archived"})
    assert client.get(f"/packages/{package.slug}").status_code in (404, 410)


def test_two_people_do_not_overwrite_each_other(as_admin, as_role):
    package = make_package()
    path, older = package_form(as_admin, package, area="neck")
    owner = as_role("owner")
    _, sent = package_form(owner, package, area="hands")
    owner.post(path, data=sent)
    assert as_admin.post(path, data=older).status_code == 409
    assert package.area == "hands"


def test_a_state_that_does_not_exist_changes_nothing(as_admin):
    package = make_package()
    assert as_admin.post(f"/admin/packages/{package.id}/state", data={"state": "free"}).status_code == 422
    assert package.state == "live"
