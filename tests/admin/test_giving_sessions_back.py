"""A used, missed or expired session is given back with a reason, and the distance to the next one stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as now
from shop.core.db import db
from shop.reports.owing import report
from shop.reports.spans import this_month
from shop.visits.attending import no_show, treat
from shop.wallet.models import Credit
from tests.admin.series_at_hand import path_of, press
from tests.orders.buying import use
from tests.visits.clinic import book_at, open_clinic


def test_a_missed_session_is_given_back_with_a_reason(app, clock, as_role):
    credit = open_clinic(addons=["led"])
    visit = book_at(credit, "2026-03-02", 14)
    clock.move_to("2026-03-02T15:00:00Z")
    no_show(visit, by="user:1")
    db.session.commit()
    path = path_of(credit, "give-back")
    owner = as_role("owner")
    assert as_role("desk").get(path).status_code == 403
    assert "Monday 2 March" in owner.get(path).text
    assert press(owner, path, visit=visit.number).status_code == 303
    db.session.expire_all()
    assert (credit.free, credit.used, visit.session, visit.state) == (6, 0, "free", "no_show")
    assert all_differences() == []


def test_a_treated_session_takes_its_add_on_back_and_the_distance_stays(app, clock, as_admin):
    credit = open_clinic(addons=["led"])
    visit = book_at(credit, "2026-03-02", 14)
    extra = db.session.scalars(select(Credit).where(Credit.parent_id == credit.id)).one()
    treat(visit, by="user:1", extras=[extra.id])
    db.session.commit()
    assert press(as_admin, path_of(credit, "give-back"), visit=visit.number).status_code == 303
    db.session.expire_all()
    assert (credit.free, extra.free, visit.state) == (6, 6, "done")
    from shop.visits.spacing import spacing_of

    assert not spacing_of(credit).check(now.today() + timedelta(days=3)).is_allowed


def test_one_that_has_no_appointment_here_is_given_back_once(six, as_admin):
    use(six)
    path = path_of(six, "give-back")
    assert press(as_admin, path, visit="elsewhere").status_code == 303
    db.session.expire_all()
    assert (six.free, six.used) == (6, 0)
    assert as_admin.get(path).status_code == 303


def test_what_expired_comes_back_and_is_owed_again(six, as_role, clock):
    from shop.wallet import periods

    clock.move_to("2027-03-05T09:30:00Z")
    periods.expire_due()
    db.session.commit()
    assert report(this_month()).total.closing == 0
    assert press(as_role("owner"), path_of(six, "revive"), sessions="2", days="30").status_code == 303
    db.session.expire_all()
    assert (six.free, six.expires_on.isoformat()) == (2, "2027-04-04")
    assert report(this_month()).total.closing == 15000
