"""One tablet, several people: each comes in with a PIN where they proved themselves today, and nowhere else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.hashing import hash_password
from shop.accounts.models import KeptForm, KnownDevice, SignIn, StaffPin
from shop.accounts.pins import check_pin, set_pin
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import history_of
from shop.visits.models import Room
from tests.accounts.ways import digits, make_staff, reread, sign_in

PIN = hash_password("4829")


def at_the_desk(browser):
    return browser.get("/admin").status_code == 200


def prove(browser, user, step=0):
    """Password and second factor, in this browser."""
    sign_in(browser, user.email)
    return browser.post("/login/second", data={"code": digits(step)})


def give_pin(user):
    user_id = user.id
    set_pin(user_id, pin_hash=PIN, by="system")
    db.session.commit()


def type_pin(browser, user, pin="4829", **given):
    return browser.post("/locked", data={"who": str(user.id), "pin": pin} | given)


@pytest.fixture
def nora(clock, app):
    user = make_staff(email="nora@clinic.example", name="Nora Beck", role="practitioner")
    give_pin(user)
    return user


@pytest.fixture
def omar(clock, app):
    user = make_staff(email="omar@clinic.example", name="Omar Reid", role="admin")
    give_pin(user)
    return user


@pytest.fixture
def tablet(client, nora, omar):
    """Both have proved themselves on it; Omar is at it now."""
    prove(client, nora)
    client.post("/logout")
    prove(client, omar)
    return client


def test_a_pin_switches_to_a_colleague_who_proved_themselves_here(tablet, nora):
    before = tablet.get("/admin").text
    assert "Omar Reid" in before
    assert type_pin(tablet, nora).headers["Location"] == "/admin"
    assert "Nora Beck" in tablet.get("/admin").text
    ended = db.session.scalars(select(SignIn.ended_at).order_by(SignIn.id)).all()
    assert [at is not None for at in ended] == [True, True, False]
    assert db.session.scalars(select(SignIn.way).order_by(SignIn.id.desc())).first() == "pin"


def test_a_pin_opens_nothing_in_another_browser(tablet, nora, app):
    other = app.test_client()
    assert type_pin(other, nora).status_code == 422
    assert other.get("/locked").headers["Location"].startswith("/login")
    assert not at_the_desk(other)


def test_a_pin_opens_nothing_for_somebody_who_gave_only_the_password_elsewhere(client, nora, omar):
    prove(client, omar)
    assert type_pin(client, nora).status_code == 422
    assert "Nora" not in client.get("/locked?switch=1").text


def test_the_next_day_begins_with_password_and_second_factor(tablet, nora, clock):
    clock.shift(timedelta(days=1, minutes=1))
    assert type_pin(tablet, nora).status_code == 422
    assert not at_the_desk(tablet)


def test_after_five_wrong_pins_the_tablet_is_proved_anew(tablet, nora, omar):
    answers = [type_pin(tablet, nora, pin="1357").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert type_pin(tablet, nora).status_code == 422
    assert db.session.scalars(select(KnownDevice.user_id)).all() == [omar.id]
    tablet.post("/logout")
    assert type_pin(tablet, omar).status_code == 303  # a colleague is not shut out
    tablet.post("/logout")
    assert prove(tablet, nora, step=1).status_code == 303
    tablet.post("/logout")
    assert type_pin(tablet, nora).status_code == 303


def test_the_right_pin_is_no_guess(tablet, nora):
    assert [type_pin(tablet, nora).status_code for _ in range(8)] == [303] * 8


def test_somebody_who_left_has_no_pin(tablet, nora):
    from shop.accounts.signing_in import disable

    disable(nora)
    db.session.commit()
    assert type_pin(tablet, nora).status_code == 422


def test_an_older_copy_of_the_devices_cookie_opens_nothing(client, nora, omar, app):
    prove(client, nora)
    copied = client.get_cookie("device").value
    client.post("/logout")
    prove(client, omar)
    thief = app.test_client()
    thief.set_cookie("device", copied)
    assert type_pin(thief, nora).status_code == 422
    assert type_pin(client, nora).status_code == 303


def test_a_pin_is_kept_as_a_slow_hash_and_needs_the_password(tablet, omar):
    assert tablet.post("/account/pin", data={"pin": "7391", "current": "wrong"}).status_code == 422
    assert reread_pin(omar) == PIN
    from tests.support.factories import PASSWORD

    assert tablet.post("/account/pin", data={"pin": "7391", "current": PASSWORD}).status_code == 303
    assert reread_pin(omar).startswith("$argon2id$")
    assert "7391" not in reread_pin(omar)
    assert [row.axis for row in history_of(f"user:{omar.id}")] == ["pin", "pin"]
    assert type_pin(tablet, omar).status_code == 422
    assert type_pin(tablet, omar, pin="7391").status_code == 303
    tablet.post("/account/pin/drop")
    assert type_pin(tablet, omar, pin="7391").status_code == 422


def reread_pin(user):
    db.session.expire_all()
    return db.session.get_one(StaffPin, user.id).pin_hash


@pytest.mark.parametrize("pin", ["123", "1111", "1234", "9876", "1984", "123456789", "12a4", "¹²³⁴", ""])
def test_easy_pins_are_refused(pin):
    with pytest.raises(Refused):
        check_pin(pin)


def test_clients_have_no_pin(as_client):
    assert as_client.get("/account/pin").status_code == 404
    assert as_client.post("/account/pin", data={"pin": "7391", "current": "x"}).status_code == 404


def test_the_button_locks_at_once_and_the_pin_leads_back(tablet, omar):
    assert tablet.post("/lock", data={"next": "/admin/visits"}).headers["Location"] == "/locked?next=/admin/visits"
    assert tablet.get("/admin/visits").headers["Location"] == "/locked?next=/admin/visits"
    page = tablet.get("/locked?next=/admin/visits").text
    assert "Omar Reid, you are back" in page
    assert type_pin(tablet, omar, next="/admin/visits").headers["Location"] == "/admin/visits"
    assert at_the_desk(tablet)


def test_the_password_unlocks_too(tablet, omar):
    tablet.post("/lock")
    assert sign_in(tablet, omar.email, next="/admin/orders").headers["Location"] == "/admin/orders"


def test_silence_locks_and_the_clinic_may_shorten_it(tablet, omar, clock):
    from shop.core.settings import change_setting

    change_setting("staff.lock_minutes", 5, by="system")
    db.session.commit()
    clock.shift(timedelta(minutes=5))
    assert at_the_desk(tablet)
    clock.shift(timedelta(minutes=5, seconds=1))
    assert tablet.get("/admin").headers["Location"] == "/locked?next=/admin"


def test_a_note_sent_from_a_locked_screen_is_handed_back_to_who_typed_it(tablet, nora, omar, clock):
    type_pin(tablet, nora)
    clock.shift(timedelta(minutes=31))
    note = {
        "notes": "Two papules on the left cheek, settled after ten minutes",
        "areas": ["cheeks", "forehead"],
        "revision": "0",
    }
    answer = tablet.post("/admin/visits/V-1/record", data=note | {"current": "never kept"})
    assert answer.headers["Location"] == "/locked"
    assert "What you typed is kept" in tablet.get("/locked").text
    kept = db.session.scalars(select(KeptForm)).one()
    raw = db.session.connection().exec_driver_sql("SELECT fields FROM kept_form").scalar_one()
    assert "papules" not in raw
    assert "never kept" not in kept.fields
    assert type_pin(tablet, omar).headers["Location"] == "/admin"  # a colleague takes the tablet and sees nothing of it
    assert tablet.get("/kept").headers["Location"] == "/admin"
    assert tablet.post(f"/kept/{kept.id}").status_code == 404
    assert type_pin(tablet, nora).headers["Location"] == "/kept"
    page = tablet.get("/kept").text
    assert "Two papules on the left cheek" in page
    assert page.count('name="areas"') == 2
    assert 'action="/admin/visits/V-1/record"' in page


def test_what_is_sent_again_arrives_and_is_kept_no_longer(tablet, omar, clock):
    clock.shift(timedelta(minutes=31))
    tablet.post("/admin/visits/rooms", data={"room": "Room by the garden"})
    assert db.session.scalars(select(Room.name)).all() == []
    type_pin(tablet, omar)
    kept = db.session.scalars(select(KeptForm.id)).one()
    db.session.commit()
    assert tablet.post("/admin/visits/nowhere", data={"kept": str(kept)}).status_code in (404, 405)
    assert db.session.scalars(select(KeptForm.id)).all() == [kept]  # a page that is gone leaves it kept
    db.session.commit()
    tablet.post("/admin/visits/rooms", data={"kept": str(kept), "room": "Room by the garden"})
    assert db.session.scalars(select(Room.name)).all() == ["Room by the garden"]
    assert db.session.scalars(select(KeptForm.id)).all() == []
    assert tablet.get("/kept").headers["Location"] == "/admin"


def test_a_programs_draft_from_a_locked_screen_is_answered_not_redirected(tablet, clock):
    clock.shift(timedelta(minutes=31))
    answer = tablet.post("/admin/visits/V-1/draft", data={"notes": "x"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "locked" in answer.json["error"]


def test_the_form_that_stood_open_is_still_good_for_its_person_alone(tablet, nora, omar):
    tablet.post("/lock")
    before = form_token(tablet)
    type_pin(tablet, omar)
    assert form_token(tablet) == before
    tablet.post("/lock")
    type_pin(tablet, nora)
    assert form_token(tablet) != before


def form_token(browser):
    with browser.session_transaction() as session:
        return session.get("csrf_token")


def test_a_sign_in_that_ended_is_in_the_list_of_the_last_ones(tablet, nora, omar):
    type_pin(tablet, nora)
    type_pin(tablet, omar)
    page = tablet.get("/account/sign-ins").text
    assert "Before that" in page
    assert ", with PIN" in page
    assert reread(omar).disabled_at is None
