"""An account begins with the link in the e-mail, and a stranger learns nothing by trying."""

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Client, MailToken, User
from shop.core.db import db
from tests.accounts.ways import is_in, sign_in
from tests.support.factories import make_client, make_user

WISH = {"name": "Ada Moor", "email": "Ada@Example.com", "password": "three quiet harbours"}


def register(browser, **given):
    return browser.post("/register", data=WISH | given)


def users():
    return db.session.scalar(select(func.count()).select_from(User))


def test_the_mailed_link_makes_the_account_and_signs_in(client, mailbox):
    assert register(client).headers["Location"] == "/register/sent"
    assert client.get("/register/sent").status_code == 200
    link = mailbox.last("ada@example.com").link("/confirm/")
    assert "Confirm and sign in" in client.get(link).text
    assert client.post(link).headers["Location"] == "/account"
    assert is_in(client)
    person = db.session.scalars(select(Client)).one()
    assert (person.name, person.email) == ("Ada Moor", "ada@example.com")


def test_opening_the_link_alone_makes_no_account(client, mailbox):
    register(client)
    client.get(mailbox.last().link("/confirm/"))
    assert users() == 0


def test_before_the_link_is_opened_nobody_gets_in(client):
    register(client)
    assert sign_in(client, WISH["email"], WISH["password"]).status_code == 422


def test_the_link_works_once(client, mailbox, app):
    register(client)
    link = mailbox.last().link("/confirm/")
    client.post(link)
    assert app.test_client().get(link).status_code == 410
    assert app.test_client().post(link).status_code == 410


def test_in_another_browser_the_link_asks_for_the_password(client, mailbox, app):
    register(client)
    link, other = mailbox.last().link("/confirm/"), app.test_client()
    assert 'autocomplete="current-password"' in other.get(link).text
    assert other.post(link, data={"password": "somebody else's guess"}).status_code == 422
    assert users() == 0
    assert other.post(link, data={"password": WISH["password"]}).status_code == 303
    assert is_in(other)


def test_the_link_ends_after_a_day(client, mailbox, clock):
    register(client)
    link = mailbox.last().link("/confirm/")
    clock.shift(86401)
    assert client.post(link).status_code == 410


def test_a_known_address_gets_the_same_answer_and_another_e_mail(app, mailbox, client):
    make_user(email="ada@example.com")
    other = app.test_client()
    known, unknown = register(client), register(other, email="new@example.com")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert known.data == unknown.data
    assert "account already" in mailbox.last("ada@example.com").subject
    assert users() == 1


def test_two_wishes_for_one_address_make_one_account(app, mailbox, client):
    other = app.test_client()
    register(client)
    first = mailbox.last().link("/confirm/")
    register(other, password="four loud lighthouses")
    second = next(m.link("/confirm/") for m in mailbox.to("ada@example.com") if first not in m.text)
    assert client.post(first).status_code == 303
    assert other.post(second).status_code == 409
    assert users() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"password": "seven77"}, "at least 8 characters"),
        ({"password": "Password123!"}, "first that a thief tries"),
        ({"password": "Ada Moor 1"}, "your own name"),
        ({"email": "nowhere"}, "does not look like an e-mail address"),
        ({"name": "  "}, "tell us your name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(client, given, sentence):
    answer = register(client, **given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert (WISH | given)["email"].lower() in answer.text.lower()
    assert WISH["password"] not in answer.text


def test_fields_that_nobody_offered_change_nothing(client, mailbox):
    register(client, role="admin", is_staff="1", client_id="2", confirmed_at="2020-01-01")
    client.post(mailbox.last().link("/confirm/"), data={"role": "owner"})
    assert db.session.scalars(select(User.role)).one() is None


def test_a_name_cannot_smuggle_a_line_into_an_e_mail(client, mailbox):
    register(client, name="Ada\r\nBcc: all@example.com")
    message = mailbox.last("ada@example.com").message
    assert message["Bcc"] is None


def test_a_wish_leaves_no_password_behind_once_it_is_confirmed(client, mailbox):
    register(client)
    client.post(mailbox.last().link("/confirm/"))
    assert db.session.scalars(select(MailToken.facts)).all() == [None]


def test_guest_purchases_come_along_only_when_the_owner_of_the_mailbox_says_so(app, client, mailbox):
    guest = make_client(user=None, email="ada@example.com")
    register(client)
    link = mailbox.last().link("/confirm/")
    assert "without an account" in client.get(link).text
    client.post(link)
    db.session.expire_all()
    assert db.session.get_one(Client, guest.id).erased_at is None
    assert db.session.scalars(select(Client.user_id).where(Client.id == guest.id)).one() is None


def test_guest_purchases_come_along_when_asked_for(client, mailbox):
    guest = make_client(user=None, email="ada@example.com")
    register(client)
    client.post(mailbox.last().link("/confirm/"), data={"claim": "y"})
    db.session.expire_all()
    assert db.session.get_one(Client, guest.id).erased_at is not None
