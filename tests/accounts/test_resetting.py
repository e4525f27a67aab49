"""A forgotten password: a link that works once, for three quarters of an hour, and ends every other sign-in."""

import pytest
from sqlalchemy import select

from shop.accounts.models import MailToken
from shop.accounts.signing_in import disable
from shop.core.db import db
from tests.accounts.ways import digits, is_in, make_staff, sign_in
from tests.support.factories import PASSWORD, make_user

NEW = "four loud lighthouses"


def ask(browser, email):
    return browser.post("/reset", data={"email": email})


@pytest.fixture
def link(clock, client, mailbox):
    make_user(email="ada@example.com")
    assert ask(client, "ada@example.com").headers["Location"] == "/reset/sent"
    assert client.get("/reset/sent").status_code == 200
    return mailbox.last("ada@example.com").link("/reset/")


def test_the_link_sets_the_new_password(client, link):
    assert 'autocomplete="new-password"' in client.get(link).text
    assert client.post(link, data={"password": NEW}).headers["Location"] == "/login"
    assert sign_in(client, "ada@example.com").status_code == 422
    assert sign_in(client, "ada@example.com", NEW).status_code == 303


def test_every_sign_in_ends_and_the_owner_is_told(app, client, link, mailbox):
    other = app.test_client()
    sign_in(other, "ada@example.com")
    client.post(link, data={"password": NEW})
    assert not is_in(other)
    assert "password was changed" in mailbox.last("ada@example.com").subject


def test_the_link_works_once(client, link):
    client.post(link, data={"password": NEW})
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": "another fine one here"}).status_code == 410


def test_a_newer_link_is_ended_by_the_use_of_an_older_one(client, link, mailbox):
    ask(client, "ada@example.com")
    newer = next(m.link("/reset/") for m in mailbox.to("ada@example.com") if link not in m.text)
    client.post(link, data={"password": NEW})
    assert client.get(newer).status_code == 410


def test_the_link_ends_within_the_hour(client, link, clock):
    clock.shift(61 * 60)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": NEW}).status_code == 410


def test_a_weak_password_leaves_the_link_open(client, link):
    assert client.post(link, data={"password": "password1"}).status_code == 422
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_is_told_by_e_mail(client, mailbox, statements):
    make_user(email="ada@example.com")
    ask(client, "warm@example.com")
    with statements() as for_known:
        known = ask(client, "ada@example.com")
    with statements() as for_unknown:
        unknown = ask(client, "nobody@example.com")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert len(for_known) == len(for_unknown)
    assert not [found for found in mailbox.last("nobody@example.com").links if "/reset/" in found]


def test_who_was_disabled_gets_no_link(client, mailbox):
    user = make_user(email="ada@example.com")
    disable(user)
    ask(client, user.email)
    assert not [found for found in mailbox.last(user.email).links if "/reset/" in found]


def test_a_link_is_stored_as_a_hash_only(link):
    token = link.removeprefix("/reset/")
    stored = db.session.scalars(select(MailToken.token_hash).where(MailToken.purpose == "reset")).one()
    assert token not in stored
    assert len(token) >= 43


def test_links_point_to_the_configured_address_whatever_the_request_says(client, mailbox):
    make_user(email="ada@example.com")
    client.post("/reset", data={"email": "ada@example.com"}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in mailbox.last().text


def test_the_page_of_a_link_tells_no_other_site_its_address(client, link):
    answer = client.get(link)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_password_does_not_spare_staff_the_second_factor(clock, client, mailbox):
    user = make_staff()
    sign_in(client, user.email)
    client.post("/login/second", data={"code": digits()})
    ask(client, user.email)
    client.post(mailbox.last(user.email).link("/reset/"), data={"password": NEW})
    assert sign_in(client, user.email, NEW).headers["Location"] == "/login/second"


def test_the_old_password_is_not_needed_and_not_accepted(client, link):
    assert client.post(link, data={"password": PASSWORD + " 2"}).status_code == 303
    assert sign_in(client, "ada@example.com").status_code == 422
