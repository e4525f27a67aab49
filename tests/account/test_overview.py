"""The first page of the account: what is next, what is left, what was bought last."""

from datetime import timedelta

from shop.account.seeing_sessions import series_of
from shop.core.clock import now
from tests.account.things import in_days, make_order, make_series, make_visit
from tests.support.factories import make_client


def at(**later):
    return now() + timedelta(**later)


def test_an_empty_account_shows_where_to_begin(as_client):
    text = as_client.get("/account").text
    assert "Nothing here yet" in text
    assert "/ask" in text


def test_sessions_left_stand_on_their_line(clock, as_client):
    make_series(as_client.person, sessions=6, used=2, held=1, addons=1)
    text = as_client.get("/account").text
    assert "2 done, 1 booked, 3 left. To be used by Tuesday 2 March 2027." in text
    assert "2 done, 1 booked, 3 left" in text
    assert text.count("bead-done") >= 2
    assert "Extra 0: 6 of 6 left" in text


def test_the_next_thing_to_do_comes_first(clock, as_client):
    make_series(as_client.person, name="Calm series")
    text = as_client.get("/account").text
    assert "Choose a time for the first session of Calm series" in text


def test_sessions_that_run_out_soon_are_said_before_everything(clock, as_client):
    make_series(as_client.person, name="Long series")
    make_series(as_client.person, name="Short series", used=4, expires_on=in_days(30))
    text = as_client.get("/account").text
    assert "2 sessions of Short series end on Wednesday 1 April" in text
    assert text.index("Short series end on") < text.index("Long series")


def test_the_next_appointment_stands_first(clock, as_client):
    make_series(as_client.person, name="Calm series")
    make_visit(as_client.person, starts_at=at(hours=-2))
    make_visit(as_client.person, starts_at=at(days=2), state="cancelled")
    make_visit(as_client.person, starts_at=at(days=8))
    make_visit(as_client.person, starts_at=at(days=4))
    text = as_client.get("/account").text
    assert "Your next appointment: Friday 6 March, 9:30 am" in text
    assert text.index("next appointment") < text.index("Calm series")


def test_an_order_on_its_way_is_said(as_client):
    order = make_order(as_client.person, fulfilment="open")
    text = as_client.get("/account").text
    assert f"Order {order.number}: being packed" in text


def test_what_is_used_up_or_ended_is_not_on_the_first_page(clock, as_client):
    make_series(as_client.person, name="Used up", used=6)
    make_series(as_client.person, name="Ended", expires_on=in_days(-1))
    text = as_client.get("/account").text
    assert "Used up" not in text
    assert "Ended" not in text


def test_a_paused_series_does_not_end(clock, as_client):
    credit = make_series(as_client.person, expires_on=in_days(-1), frozen_on=in_days(-30))
    (series,) = series_of(as_client.person.id)
    assert not series.is_over
    assert "Paused" in series.caption
    assert credit.code == series.code


def test_purchases_of_a_guest_with_the_same_address_are_offered_by_e_mail_only(as_client, mailbox):
    guest = make_client(user=None, email=as_client.user.email)
    order = make_order(guest)
    text = as_client.get("/account").text
    assert "Purchases without an account" in text
    assert order.number not in text
    as_client.post("/account/claims")
    link = mailbox.last(as_client.user.email).link("/confirm/")
    assert as_client.post(link).headers["Location"] == "/account"
    assert order.number in as_client.get("/account/orders").text


def test_asking_to_claim_says_the_same_when_there_is_nothing(as_client, mailbox):
    assert as_client.post("/account/claims").headers["Location"] == "/account"
    assert len(mailbox) == 0


def test_staff_find_the_way_to_their_desk(as_admin):
    assert "/admin" in as_admin.get("/account").text
