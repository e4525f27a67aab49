"""Guessing is slowed; nobody can shut another person out."""

from tests.accounts.ways import is_in, sign_in
from tests.support.factories import make_user


def test_a_hundred_wrong_passwords_from_one_address_are_slowed_by_the_tenth(clock, app):
    browser = app.test_client()
    answers = [sign_in(browser, f"person{n}@example.com", "wrong").status_code for n in range(12)]
    assert answers[:9] == [422] * 9
    assert answers[9:] == [429] * 3


def test_one_account_is_tried_five_times_from_one_address(clock, client):
    user = make_user(email="ada@example.com")
    answers = [sign_in(client, user.email, "wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_while_it_is_slowed_the_right_password_is_not_told_apart(clock, client):
    make_user(email="ada@example.com")
    for _ in range(6):
        sign_in(client, "ada@example.com", "wrong")
    assert sign_in(client, "ada@example.com").status_code == 429
    assert "ada@example.com" in sign_in(client, "ada@example.com").text


def test_the_right_person_gets_in_from_another_address(clock, app):
    make_user(email="ada@example.com")
    thief, owner = app.test_client(), app.test_client()
    for _ in range(20):
        sign_in(thief, "ada@example.com", "wrong", address="203.0.113.9")
    assert sign_in(owner, "ada@example.com", address="198.51.100.7").status_code == 303
    assert is_in(owner)


def test_a_forged_header_does_not_escape(clock, client):
    make_user(email="ada@example.com")
    for n in range(9):
        client.post(
            "/login", data={"email": f"x{n}@example.com", "password": "w"}, headers={"X-Forwarded-For": f"198.51.100.{n}"}
        )
    assert (
        client.post(
            "/login", data={"email": "y@example.com", "password": "w"}, headers={"X-Forwarded-For": "1.1.1.1"}
        ).status_code
        == 429
    )


def test_one_household_of_ipv6_counts_as_one_address(clock, app):
    browser = app.test_client()
    answers = [
        sign_in(browser, f"p{n}@example.com", "wrong", address=f"2001:db8:1:2::{n + 1}").status_code for n in range(10)
    ]
    assert answers[-1] == 429


def test_a_whole_team_may_sign_in_from_one_address(clock, app):
    for n in range(25):
        user = make_user(email=f"team{n}@example.com")
        assert sign_in(app.test_client(), user.email).status_code == 303


def test_after_ten_minutes_it_is_open_again(clock, client):
    make_user(email="ada@example.com")
    for _ in range(6):
        sign_in(client, "ada@example.com", "wrong")
    clock.shift(601)
    assert sign_in(client, "ada@example.com").status_code == 303


def test_what_a_visitor_makes_us_send_is_limited(clock, client):
    answers = [client.post("/reset", data={"email": f"x{n}@example.com"}).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


def test_the_counters_hold_no_addresses_of_people(client):
    from sqlalchemy import select

    from shop.core.db import db
    from shop.core.limits import LimitCount

    sign_in(client, "ada@example.com", "wrong")
    keys = " ".join(db.session.scalars(select(LimitCount.key)))
    assert keys
    assert "ada" not in keys
    assert "192.0.2" not in keys
