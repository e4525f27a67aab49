"""One page moves everything when somebody is ill; nobody's session is lost by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop.catalog.models import Package
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import change_setting
from shop.orders.prospects import preview
from shop.visits.absences import Absence, affected, coming, end, settle
from shop.visits.models import Practitioner, Visit
from shop.wallet.checking import differences
from shop.wallet.models import Credit
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_client
from tests.visits.clinic import book_at, make_credit, open_clinic


@pytest.fixture
def week(app, clock):
    """Two clients with appointments on Tuesday and Wednesday with the only practitioner."""
    credit = open_clinic()
    other = make_credit()
    other.treatment_id, other.gaps = credit.treatment_id, credit.gaps
    visits = [book_at(credit, "2026-03-03"), book_at(other, "2026-03-04", 14)]
    who = db.session.scalars(select(Practitioner.id)).one()
    return visits, Absence(practitioner_id=who, first=date(2026, 3, 3), last=date(2026, 3, 5))


def test_everything_moves_to_the_first_free_day_near_its_own_time_and_clients_are_told(week, mailbox):
    visits, absence = week
    assert affected(absence) == visits
    outcome = settle(absence, moves=True, cause="ill", by="user:1")
    db.session.commit()
    assert (outcome.moved, outcome.cancelled) == (2, 0)
    ahead = db.session.scalars(select(Visit).where(Visit.state == "booked").order_by(Visit.starts_at)).all()
    assert [f"{visit.starts_at:%d %H:%M}" for visit in ahead] == ["06 10:00", "06 14:00"]
    letters = [mail for mail in mailbox if "We had to move your appointment" in mail.html]
    assert len(letters) == 2
    assert all("paid back in full" in mail.text for mail in letters)
    assert settle(absence, moves=True, cause="ill-again", by="user:1").moved == 0


def test_everything_is_called_off_and_sessions_stay_and_last_longer(week, mailbox):
    visits, absence = week
    before = {credit.id: credit.expires_on for credit in db.session.scalars(select(Credit))}
    outcome = settle(absence, moves=False, cause="ill", by="user:1")
    db.session.commit()
    assert (outcome.moved, outcome.cancelled) == (0, 2)
    assert {visit.session for visit in visits} == {"free"}
    for credit in db.session.scalars(select(Credit)):
        assert (credit.free, credit.held) == (6, 0)
        assert credit.expires_on == before[credit.id] + timedelta(days=3)
        assert credit.extensions == 0
    assert len([mail for mail in mailbox if "We had to cancel" in mail.html]) == 2
    assert differences() == []


def test_what_cannot_move_in_time_is_called_off(app, clock, mailbox):
    credit = open_clinic(days=4)
    book_at(credit, "2026-03-03")
    absence = Absence(practitioner_id=None, first=date(2026, 3, 3), last=date(2026, 3, 10), name="Flood")
    outcome = settle(absence, moves=True, cause="flood", by="user:1")
    db.session.commit()
    assert (outcome.moved, outcome.cancelled) == (0, 1)


def test_whoever_is_back_sooner_can_be_booked_again(week):
    _, absence = week
    settle(absence, moves=False, cause="ill", by="user:1")
    [(off, name)] = coming()
    assert name
    end(off.id, by="user:1")
    assert coming() == []


def test_days_that_make_no_sense_are_refused(app, clock):
    for first, last in ((date(2026, 3, 5), date(2026, 3, 4)), (date(2026, 2, 1), date(2026, 2, 2))):
        with pytest.raises(Refused):
            affected(Absence(practitioner_id=None, first=first, last=last))


def test_after_a_delay_of_ours_unused_sessions_are_paid_in_full_whatever_the_terms_say(app, clock):
    """By list price 320.00 would go back after two of six; who was moved by us gets 360.00, as the e-mail offers."""
    credit = open_clinic()
    package = db.session.get_one(Package, credit.package_id)
    change_setting("policy.late_terms", "list-price", by="user:1")
    db.session.commit()
    order = place_order(package, client=make_client())
    mine = credits_of(order)[0]
    use(mine, 2)
    clock.move_to("2026-03-30T09:00:00Z")
    book_at(mine, "2026-04-07")
    assert preview(order).refund_minor == 54000 - 2 * 11000
    who = db.session.scalars(select(Practitioner.id)).one()
    settle(
        Absence(practitioner_id=who, first=date(2026, 4, 6), last=date(2026, 4, 8)), moves=True, cause="ill", by="user:1"
    )
    db.session.commit()
    due = preview(order)
    assert (due.refund_minor, due.outcome.rule, due.outcome.version) == (36000, "clinic-pro-rata", "after a delay of ours")
