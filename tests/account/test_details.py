"""Name and telephone; e-mail and password, which ask for the password that holds."""

import re

import pytest

from shop.accounts.models import User
from shop.core.db import db
from tests.accounts.ways import is_in, reread, sign_in
from tests.support.factories import PASSWORD, make_user
from tests.support.people import browser_of

NEW = "four loud lighthouses"


def change_email(browser, email="new@example.com", current=PASSWORD):
    return browser.post("/account/details/email", data={"email": email, "current": current})


def change_password(browser, password=NEW, current=PASSWORD):
    return browser.post("/account/details/password", data={"password": password, "current": current})


def test_name_and_telephone_are_changed_everywhere(as_client):
    as_client.post("/account/details", data={"name": "Ada Moor-Vale", "phone": "020 7946 0000", "role": "admin"})
    assert (reread(as_client.user).name, as_client.user.role) == ("Ada Moor-Vale", None)
    assert (reread(as_client.person).name, as_client.person.phone) == ("Ada Moor-Vale", "020 7946 0000")
    assert "Ada Moor-Vale" in as_client.get("/account/details").text


def test_a_new_address_counts_once_its_link_is_opened(as_client, mailbox):
    old = as_client.user.email
    assert change_email(as_client).status_code == 303
    assert reread(as_client.user).email == old
    link = mailbox.last("new@example.com").link("/confirm/")
    assert as_client.post(link).headers["Location"] == "/login"
    assert reread(as_client.user).email == reread(as_client.person).email == "new@example.com"


def test_the_old_address_is_told_at_once_and_not_which_address(as_client, mailbox):
    old = as_client.user.email
    change_email(as_client)
    mail = mailbox.last(old)
    assert "about to change" in mail.subject
    assert "new@example.com" not in mail.text
    assert "n…w@example.com" in mail.text


def test_after_the_change_every_browser_signs_in_again(as_client, app, mailbox):
    other = browser_of(as_client.user, app=app)
    change_email(as_client)
    as_client.post(mailbox.last("new@example.com").link("/confirm/"))
    assert not is_in(other)
    assert sign_in(other, "new@example.com").status_code == 303


@pytest.mark.parametrize("change", [change_email, change_password])
def test_without_the_current_password_nothing_is_changed(as_client, mailbox, change):
    assert change(as_client, current="not the password").status_code == 422
    assert change(as_client, current="").status_code == 422
    assert len(mailbox) == 0


@pytest.mark.parametrize("change", [change_email, change_password])
def test_guessing_the_current_password_is_slowed(clock, as_client, change):
    answers = [change(as_client, current="not the password").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_an_address_with_an_account_gives_the_same_answer_and_no_change(as_client, mailbox):
    other = make_user(email="new@example.com")
    free, taken = change_email(as_client, "free@example.com"), change_email(as_client)
    assert (free.status_code, free.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    assert not [link for link in mailbox.last(other.email).links if "/confirm/" in link]
    assert db.session.query(User).filter_by(email="new@example.com").one().id == other.id


def test_an_address_that_was_taken_meanwhile_is_refused(as_client, mailbox):
    change_email(as_client)
    link = mailbox.last("new@example.com").link("/confirm/")
    make_user(email="new@example.com")
    assert as_client.post(link).status_code == 409


def test_ones_own_address_is_no_change(as_client):
    answer = change_email(as_client, as_client.user.email)
    assert answer.status_code == 422
    assert "your address already" in answer.text


def test_a_new_password_ends_every_other_sign_in_and_is_told(as_client, app, mailbox):
    other = browser_of(as_client.user, app=app)
    assert change_password(as_client).status_code == 303
    assert is_in(as_client)
    assert not is_in(other)
    assert "password was changed" in mailbox.last(as_client.user.email).subject
    assert sign_in(app.test_client(), as_client.user.email, NEW).status_code == 303


def test_a_common_password_is_refused_beside_its_field(as_client):
    answer = change_password(as_client, "password1")
    assert answer.status_code == 422
    assert "first that a thief tries" in answer.text
    assert sign_in(as_client, as_client.user.email).status_code == 303


def test_somebody_without_a_password_is_shown_the_way_to_one(as_client):
    as_client.user.password_hash = None
    text = as_client.get("/account/details").text
    assert "/reset" in text
    assert "/account/details/email" not in text
    assert change_email(as_client).status_code == 422


def test_each_field_of_three_forms_has_an_id_of_its_own(as_client):
    text = as_client.get("/account/details").text
    for wanted in ("new-password", "current-password", "email", "tel", "name"):
        assert f'autocomplete="{wanted}"' in text


def test_staff_draw_new_recovery_codes_with_their_password(as_admin):
    assert as_admin.post("/account/details/recovery-codes", data={"current": "wrong"}).status_code == 422
    answer = as_admin.post("/account/details/recovery-codes", data={"current": PASSWORD})
    assert len(re.findall(r"<code>\w{5}-\w{5}-\w{5}</code>", answer.text)) == 10
    assert "10 of the last ones are left" in as_admin.get("/account/details").text


def test_clients_have_no_recovery_codes(as_client):
    assert as_client.post("/account/details/recovery-codes", data={"current": PASSWORD}).status_code == 404
    assert "Recovery codes" not in as_client.get("/account/details").text
