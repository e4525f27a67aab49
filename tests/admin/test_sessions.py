"""The desk moves a client's sessions: each act is looked at first, says why, and leaves the ledger to the penny."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as now
from shop.core.db import db
from shop.orders.models import Order
from shop.payments.models import PaymentEvent, Refund
from shop.reports.owing import report
from shop.reports.spans import this_month
from shop.visits.attending import no_show, treat
from shop.wallet import moving
from shop.wallet.models import Credit, CreditMove
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_client, make_package, make_treatment
from tests.support.forms import forms
from tests.visits.clinic import book_at, open_clinic


@pytest.fixture
def six(app, clock):
    """Six sessions for 540.00 in cash, of a client with a file."""
    order = place_order(make_package(sessions=6, price_minor=54000), client=make_client(), tenders=[("cash", 54000)])
    return credits_of(order)[0]


def path_of(credit, act=""):
    return f"/admin/clients/{credit.client_id}/sessions/{credit.code}{'/' + act if act else ''}"


def look(browser, path, **typed):
    """The first button: what it would change."""
    [form] = [form for form in forms(browser.get(path).text, here=path) if "seen" in form.names]
    return browser.post(path, data=form.fields | {"reason": "asked by telephone"} | typed)


def press(browser, path, **typed):
    """Both buttons, one after the other."""
    shown = look(browser, path, **typed)
    assert shown.status_code == 200, shown.text
    [form] = [form for form in forms(shown.text, here=path) if "seen" in form.names]
    return browser.post(path, data=form.fields)


def moves_of(credit):
    db.session.expire_all()
    return list(db.session.scalars(select(CreditMove).where(CreditMove.credit_id == credit.id).order_by(CreditMove.id)))


def new_one(old):
    return db.session.scalars(select(Credit).where(Credit.id > old.id, Credit.kind == "sessions")).one()


def test_the_file_leads_to_each_series_with_every_move_and_who_made_it(six, as_admin):
    use(six)
    file = as_admin.get(f"/admin/clients/{six.client_id}").text
    assert path_of(six) in file
    page = as_admin.get(path_of(six)).text
    assert "£450.00" in page
    for words in ("bought or given", "booked", "used"):
        assert words in page


def test_nothing_is_done_before_its_preview_was_seen(six, as_admin):
    shown = look(as_admin, path_of(six, "extend"), days="30")
    assert "Tuesday 2 March 2027" in shown.text
    assert "Thursday 1 April 2027" in shown.text
    assert [move.kind for move in moves_of(six)] == ["grant"]
    assert press(as_admin, path_of(six, "extend"), days="30").status_code == 303
    assert moves_of(six)[-1].reason == "asked by telephone"
    assert (six.expires_on.isoformat(), six.extensions) == ("2027-04-01", 1)


def test_a_preview_of_other_words_is_shown_again(six, as_admin):
    shown = look(as_admin, path_of(six, "extend"), days="30")
    [form] = [form for form in forms(shown.text, here=path_of(six, "extend")) if "seen" in form.names]
    again = as_admin.post(path_of(six, "extend"), data=form.fields | {"days": "90"})
    assert again.status_code == 409
    assert moves_of(six)[-1].kind == "grant"


def test_an_extension_that_we_caused_does_not_count(six, as_role):
    assert press(as_role("desk"), path_of(six, "extend"), days="30", is_ours="y").status_code == 303
    db.session.expire_all()
    assert six.extensions == 0


def test_a_reason_is_needed_and_what_was_typed_stays(six, as_admin):
    answer = as_admin.post(path_of(six, "extend"), data={"days": "17", "cause": "c" * 20})
    assert answer.status_code == 422
    assert 'value="17"' in answer.text


def test_a_pause_moves_the_last_day_by_as_many_days(six, as_admin, as_role, clock):
    assert press(as_admin, path_of(six, "pause")).status_code == 303
    clock.shift(timedelta(days=10))
    db.session.expire_all()
    owner = as_role("owner")
    shown = look(owner, path_of(six, "resume"))
    assert "10 days: the last day moves from Tuesday 2 March 2027 to Friday 12 March 2027" in shown.text
    assert press(owner, path_of(six, "resume")).status_code == 303
    db.session.expire_all()
    assert (six.frozen_on, six.expires_on.isoformat()) == (None, "2027-03-12")


def test_what_is_not_possible_now_leads_back(six, as_admin):
    answer = as_admin.get(path_of(six, "resume"))
    assert (answer.status_code, answer.location) == (303, path_of(six))


def test_two_sessions_move_to_another_file_with_their_worth(six, as_role):
    friend, desk = make_client(name="Bea Friend", user=None), as_role("desk")
    path = path_of(six, "give")
    assert "file" in look(desk, path, to=friend.email, sessions="2", kind="gift").text
    assert press(desk, path, to=str(friend.id), sessions="2", kind="gift").status_code == 303
    given = new_one(six)
    assert (given.client_id, given.free, given.order_number) == (friend.id, 2, six.order_number)
    db.session.expire_all()
    assert six.free == 4
    assert all_differences() == []


def test_somebody_without_a_file_is_written_to_and_accepts(six, as_admin, mailbox):
    typed = {"to": "new@example.com", "name": "Nora New", "sessions": "1", "kind": "gift"}
    assert press(as_admin, path_of(six, "give"), **typed).status_code == 303
    [letter] = mailbox.to("new@example.com")
    assert "/sessions/accept?key=" in letter.text
    db.session.expire_all()
    assert six.free == 6


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"to": "nobody@example.com", "sessions": "1"}, "Type a name"),
        ({"to": "x", "sessions": "7", "name": "N"}, "At most 6"),
        ({"to": "twice@example.com", "sessions": "1"}, "Several files"),
    ],
)
def test_a_recipient_that_cannot_be_is_refused(six, as_admin, typed, says):
    for _ in range(2):
        make_client(email="twice@example.com", user=None)
    db.session.commit()
    answer = look(as_admin, path_of(six, "give"), kind="gift", **typed)
    assert answer.status_code == 422
    assert says in answer.text


@pytest.fixture
def three(app, clock):
    """Three sessions for 297.00 in cash, one used; six of the same cost 540.00."""
    treatment = make_treatment()
    small = make_package(treatment, sessions=3, price_minor=29700)
    make_package(treatment, sessions=6, price_minor=54000, slug="six")
    order = place_order(small, client=make_client(), tenders=[("cash", 29700)])
    use(credits_of(order)[0])
    return credits_of(order)[0]


def test_an_upgrade_takes_243_at_the_desk_and_leaves_five_worth_441(three, as_role):
    desk, path = as_role("desk"), path_of(three, "upgrade")
    shown = look(desk, path, package="six", cash="43", terminal="200", terms="y")
    assert "£441.00" in shown.text
    assert "£243.00 come in now" in shown.text
    assert press(desk, path, package="six", cash="43", terminal="200", terms="y").status_code == 303
    new = new_one(three)
    assert new.free == 5
    assert sum(unit.gross_minor for unit in moving.units_of(new)) == 44100
    tenders = select(PaymentEvent.tender, PaymentEvent.amount_minor).where(PaymentEvent.order_number == new.order_number)
    assert sorted(db.session.execute(tenders).all()) == [("cash", 4300), ("terminal", 20000)]
    assert all_differences() == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"cash": "243"}, "has to agree"), ({"cash": "240", "terms": "y"}, "£243.00 are due"), ({}, "are due")],
)
def test_an_upgrade_that_is_not_paid_exactly_is_refused(three, as_admin, typed, says):
    answer = look(as_admin, path_of(three, "upgrade"), package="six", **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(Order.id).where(Order.state == "open")) is None


def test_a_dearer_treatment_costs_what_is_missing(six, as_admin):
    make_package(make_treatment(name="Calm"), sessions=6, price_minor=60000, slug="dearer")
    path = path_of(six, "swap")
    assert press(as_admin, path, package="dearer", bank="60", terms="y").status_code == 303
    new = new_one(six)
    assert (new.free, sum(unit.gross_minor for unit in moving.units_of(new))) == (6, 60000)
    assert [move.kind for move in moves_of(six)][-1] == "swap"
    assert moves_of(six)[-1].reason == "asked by telephone"
    assert all_differences() == []


def test_a_cheaper_treatment_gives_the_difference_back_the_way_it_came(six, as_admin, as_role):
    make_package(make_treatment(name="Calm"), sessions=6, price_minor=48000, slug="cheaper")
    path = path_of(six, "swap")
    assert "£60.00 go back" in look(as_admin, path, package="cheaper").text
    shown = press(as_role("desk"), path, package="cheaper")
    assert shown.status_code == 422
    assert "ask whoever leads" in shown.text
    assert press(as_admin, path, package="cheaper").status_code == 303
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.tender, refund.amount_minor, refund.order_number) == ("cash", 6000, six.order_number)
    assert sum(unit.gross_minor for unit in moving.units_of(new_one(six))) == 48000
    assert all_differences() == []


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


IN = {
    "sessions": "6",
    "left": "4",
    "each": "90.00",
    "vat_percent": "20",
    "bought_on": "2025-12-01",
    "expires_on": "2026-12-01",
}


def test_four_of_six_left_at_90_come_in_and_open_the_books_with_300_net(app, clock, as_admin):
    client = make_client(user=None)
    package = make_package(sessions=6)
    db.session.commit()
    path = f"/admin/clients/{client.id}/sessions/new"
    assert "£300.00 net" in look(as_admin, path, package=package.slug, **IN).text
    assert press(as_admin, path, package=package.slug, **IN).status_code == 303
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.free, credit.order_number) == (4, None)
    assert report(this_month()).total.moved_in == 30000
    used = press(as_admin, path_of(credit, "call-off"))
    assert used.status_code == 303
    assert report(this_month()).total.closing == 0
    assert db.session.scalar(select(Refund.id)) is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"left": "7"}, "No more can be left"),
        ({"bought_on": "2027-01-01"}, "future"),
        ({"expires_on": "2026-01-01"}, "later day"),
        ({"each": "x"}, ""),
        ({"package": "gone"}, ""),
    ],
)
def test_what_cannot_have_been_brought_is_refused(app, clock, as_admin, typed, says):
    client, package = make_client(user=None), make_package(sessions=6)
    db.session.commit()
    answer = look(as_admin, f"/admin/clients/{client.id}/sessions/new", **({"package": package.slug} | IN | typed))
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(Credit.id)) is None


def test_another_client_s_sessions_are_not_in_this_file(six, as_admin):
    other = make_client(user=None)
    db.session.commit()
    assert as_admin.get(f"/admin/clients/{other.id}/sessions/{six.code}").status_code == 404
