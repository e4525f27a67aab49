"""Staff need a second factor: a code that works once, a recovery code, and a browser that is remembered for a day."""

from datetime import timedelta

import pytest

from shop.accounts.second_factor import draw_recovery_codes
from shop.core.db import db
from tests.accounts.ways import digits, is_in, make_staff, sign_in


def give(browser, code):
    return browser.post("/login/second", data={"code": code})


@pytest.fixture
def half(clock, client):
    """A browser in which only the password was given."""
    user = make_staff()
    client.user = user
    assert sign_in(client, user.email).headers["Location"] == "/login/second"
    return client


def test_the_password_alone_opens_nothing(half):
    assert half.get("/account").status_code in (303, 404)
    assert not is_in(half)


def test_password_and_code_open_the_desk(half):
    assert 'autocomplete="one-time-code"' in half.get("/login/second").text
    assert give(half, digits()).headers["Location"] == "/admin"
    assert is_in(half)


def test_the_same_code_never_works_again(half, app):
    assert give(half, digits()).status_code == 303
    other = app.test_client()
    sign_in(other, half.user.email)
    assert give(other, digits()).status_code == 422
    assert not is_in(other)


def test_an_older_code_does_not_work_after_a_newer_one(half, app):
    assert give(half, digits(+1)).status_code == 303
    other = app.test_client()
    sign_in(other, half.user.email)
    assert give(other, digits()).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_off(half, steps, status):
    assert give(half, digits(steps)).status_code == status


def test_a_recovery_code_works_once(half, app):
    code = draw_recovery_codes(half.user.id)[0]
    db.session.commit()
    assert give(half, code.upper()).status_code == 303
    other = app.test_client()
    sign_in(other, half.user.email)
    assert give(other, code).status_code == 422


def test_new_recovery_codes_end_the_old_ones(half):
    old = draw_recovery_codes(half.user.id)[0]
    draw_recovery_codes(half.user.id)
    db.session.commit()
    assert give(half, old).status_code == 422


def test_a_browser_is_asked_once_a_day(half, clock):
    give(half, digits())
    half.post("/logout")
    clock.shift(timedelta(hours=23))
    assert sign_in(half, half.user.email).headers["Location"] == "/admin"
    half.post("/logout")
    clock.shift(timedelta(hours=1, minutes=1))
    assert sign_in(half, half.user.email).headers["Location"] == "/login/second"


def test_another_browser_is_asked_again(half, app):
    give(half, digits())
    assert sign_in(app.test_client(), half.user.email).headers["Location"] == "/login/second"


def test_another_persons_browser_is_no_proof(half):
    give(half, digits())
    half.post("/logout")
    other = make_staff(email="other@clinic.example")
    assert sign_in(half, other.email).headers["Location"] == "/login/second"


def test_after_ten_minutes_one_begins_with_the_password_again(half, clock):
    clock.shift(601)
    assert give(half, digits()).headers["Location"] == "/login"


def test_guessing_codes_is_slowed(half):
    answers = [give(half, "000000").status_code for _ in range(11)]
    assert answers[-1] == 429
    assert answers[0] == 422


def test_staff_are_asked_again_after_half_an_hour_of_silence(half, clock):
    give(half, digits())
    clock.shift(timedelta(minutes=30))
    assert is_in(half)
    clock.shift(timedelta(minutes=30, seconds=1))
    assert not is_in(half)


def test_staff_are_asked_again_after_twelve_hours_of_work(half, clock):
    give(half, digits())
    for _ in range(12 * 3):
        clock.shift(timedelta(minutes=20))
        assert is_in(half)
    clock.shift(timedelta(seconds=1))
    assert not is_in(half)


def test_somebody_who_becomes_staff_must_give_a_second_factor_first(as_client):
    as_client.user.role = "admin"
    assert not is_in(as_client)
