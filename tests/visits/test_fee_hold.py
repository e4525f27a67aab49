"""A time is kept for a client until its fee is due: then it goes free, kindly, and never under somebody who is paying."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from shop.accounts.models import Client
from shop.admin.orders.refunds import refund_whole
from shop.bag.models import DiscountCode
from shop.checking import all_differences
from shop.checkout.buyers import buyer_of
from shop.checkout.consultation_fee import prepare_fee
from shop.checkout.unpaid_fee import let_go
from shop.core import clock as time
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.settings import change_setting
from shop.orders.models import Order
from shop.orders.withdrawing import withdraw
from shop.payments.models import Refund
from shop.visits.attending import arrive
from shop.visits.booking import Choice, book
from shop.visits.choosing import matter_for
from shop.visits.models import Visit
from shop.visits.rescheduling import move
from shop.working import sweep_all, work_due
from tests.support.dying import every_death
from tests.support.factories import make_client
from tests.visits.clinic import at, open_clinic
from tests.visits.test_consultation_fee import back, pay


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def visit(app, as_client):
    open_clinic()
    change_setting("visits.consultation_fee_minor", 3000, by="user:1")
    db.session.commit()
    return booked(as_client.person.id)


def booked(client_id, *, cause="c", on="2026-03-10", hour=10, **given):
    choice = Choice(starts_at=at(on, hour), **given)
    found = book(matter_for("consultation", client_id=client_id), choice, cause=cause, by=f"client:{client_id}")
    db.session.commit()
    return found


def a_day_later(run_worker, clock):
    clock.shift(timedelta(hours=24, minutes=1))
    run_worker()
    db.session.expire_all()


def test_the_hour_is_said_on_the_page_and_in_the_letter(visit, as_client, mailbox):
    assert visit.fee_due_at == time.now() + timedelta(hours=24)
    assert "We keep this time for you until Tuesday 3 March" in as_client.get(f"/account/visits/{visit.number}").text
    assert "Please pay it by Tuesday 3 March" in mailbox.last(as_client.person.email).text


def test_not_paid_by_then_the_time_goes_free_with_a_kind_letter(visit, as_client, run_worker, mailbox, clock):
    a_day_later(run_worker, clock)
    assert visit.state == "cancelled"
    run_worker()
    said = mailbox.last(as_client.person.email)
    assert "You owe nothing" in said.text
    assert "Consultation" not in said.subject
    assert booked(make_client(user=None).id, cause="next").starts_at == visit.starts_at


def test_paid_in_time_it_stays(visit, as_client, standin, run_worker, clock):
    pay(as_client, standin, run_worker, visit)
    a_day_later(run_worker, clock)
    assert visit.state == "booked"


def test_whoever_is_on_the_payment_page_keeps_the_time_until_the_page_ends(visit, as_client, standin, run_worker, clock):
    clock.shift(timedelta(hours=23, minutes=55))
    page = as_client.post(f"/account/visits/{visit.number}/fee").location
    clock.shift(timedelta(minutes=6))
    run_worker()
    db.session.expire_all()
    assert visit.state == "booked"
    as_client.get(standin.pay(page))
    a_day_later(run_worker, clock)
    assert (visit.state, back()) == ("booked", [])


def test_a_page_that_was_left_open_does_not_keep_it_for_good(visit, as_client, standin, run_worker, clock):
    clock.shift(timedelta(hours=23, minutes=55))
    as_client.post(f"/account/visits/{visit.number}/fee")
    clock.shift(timedelta(minutes=6))
    run_worker()
    clock.shift(timedelta(hours=1))
    run_worker()
    db.session.expire_all()
    assert visit.state == "cancelled"


def test_money_that_a_bank_sends_after_all_goes_back_by_itself(visit, as_client, standin, run_worker, clock):
    page = as_client.post(f"/account/visits/{visit.number}/fee").location
    as_client.get(standin.pay_slowly(page))
    a_day_later(run_worker, clock)
    assert visit.state == "cancelled"
    [session] = standin.desk.all("checkout.session")
    db.session.rollback()
    standin.desk.settle_slow(session["id"], ok=True)
    for _ in range(3):
        run_worker()
    assert back() == [("stripe", 3000)]
    assert all_differences() == []


def test_a_moved_appointment_is_let_go_where_it_is_now(visit, run_worker, clock):
    later = move(visit, Choice(starts_at=at("2026-03-12")), cause="m", by="client:1")
    db.session.commit()
    a_day_later(run_worker, clock)
    assert (visit.state, later.state) == ("moved", "cancelled")


def test_one_that_is_sooner_or_booked_by_the_desk_is_paid_at_the_visit(visit, as_client):
    soon = booked(as_client.person.id, cause="soon", on="2026-03-03", hour=9)
    by_desk = booked(make_client(user=None).id, cause="desk", on="2026-03-12", is_staff=True)
    assert (soon.fee_due_at, by_desk.fee_due_at) == (None, None)


def test_who_is_here_already_stays(visit, clock, run_worker):
    clock.move_to(at("2026-03-10", 9))
    visit.fee_due_at = time.now()
    arrive(visit, by="user:1")
    db.session.commit()
    let_go(number=visit.number)
    assert visit.state == "arrived"


def test_a_withdrawn_fee_lets_the_time_go_and_ends_its_code(visit, as_client, standin, run_worker, mailbox):
    pay(as_client, standin, run_worker, visit)
    withdraw(db.session.scalars(select(Order)).one(), by="client:1", cause="w")
    db.session.commit()
    for _ in range(3):
        run_worker()
    db.session.expire_all()
    assert (visit.state, back()) == ("cancelled", [("stripe", 3000)])
    assert db.session.scalars(select(DiscountCode)).one().ended_at is not None
    assert any("on its way back to you" in mail.text for mail in mailbox.to(as_client.person.email))
    assert all_differences() == []


def test_a_fee_paid_back_at_the_desk_lets_the_time_go_too(visit, as_client, standin, run_worker):
    pay(as_client, standin, run_worker, visit)
    order = db.session.scalars(select(Order)).one()
    refund_whole(order, seen_minor=3000, cancels=False, reason="asked for it", cause="r", by="user:1")
    db.session.commit()
    run_worker()
    db.session.expire_all()
    assert (visit.state, order.state, back()) == ("cancelled", "cancelled", [("stripe", 3000)])


def test_paying_and_letting_go_at_the_same_moment_end_in_one_of_two_ways(visit, as_client, app, standin, clock):
    """Ten times: either the page is opened and the time kept, or the time is gone and nobody is sent to pay."""
    client_id = visit.client_id
    for number in range(10):
        one = booked(client_id, cause=f"race:{number}", on=f"2026-03-{16 + number % 5}", hour=9 + number // 5 * 5)
        one.fee_due_at, name, gate = time.now(), one.number, Barrier(2)
        db.session.commit()

        def pays(name=name, gate=gate):
            with app.app_context():
                gate.wait(20)
                try:
                    found = db.session.scalars(select(Visit).where(Visit.number == name)).one()
                    prepare_fee(found, buyer_of(db.session.get_one(Client, client_id)))
                    db.session.commit()
                except (Conflict, Refused):
                    db.session.rollback()
                    return "refused"
                return "page"

        def lets_go(name=name, gate=gate):
            with app.app_context():
                gate.wait(20)
                let_go(number=name)
                db.session.commit()

        with ThreadPoolExecutor(2) as pool:
            said, _ = pool.submit(pays), pool.submit(lets_go)
            outcome = said.result(30)
        db.session.rollback()
        db.session.expire_all()
        state = db.session.scalar(select(Visit.state).where(Visit.number == name))
        assert (outcome, state) in {("page", "booked"), ("refused", "cancelled")}
        db.session.rollback()


@pytest.mark.slow
def test_killed_while_it_is_let_go_it_is_let_go_once(app, database, clock):
    began = time.now()

    def lay_out():
        clock.move_to(began)
        db.session.remove()
        database.refresh(app)
        open_clinic()
        change_setting("visits.consultation_fee_minor", 3000, by="user:1")
        db.session.commit()
        booked(make_client(user=None).id)
        clock.shift(timedelta(hours=24, minutes=1))

    for death in every_death(work_due, app=app, prepare=lay_out):
        clock.shift(timedelta(minutes=3))  # the lease of a dead worker ends
        with app.app_context():
            sweep_all()
            work_due()
        db.session.rollback()
        assert db.session.scalars(select(Visit.state)).all() == ["cancelled"], death
        assert db.session.scalars(select(Refund)).all() == []
        assert all_differences() == [], death
        db.session.rollback()
