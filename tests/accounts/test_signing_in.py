"""In with a password and out again; the row on the server decides, not the cookie."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts import signing_in
from shop.accounts.models import SignIn, User
from shop.core.db import db
from shop.core.history import HistoryRow
from tests.accounts.ways import cookie_of, is_in, reread, sign_in, with_cookie
from tests.support.factories import PASSWORD, make_user


def test_the_right_password_opens_the_account(client):
    user = make_user()
    assert sign_in(client, user.email).headers["Location"] == "/account"
    assert is_in(client)


def test_the_address_counts_in_any_case_and_with_spaces_around_it(client):
    make_user(email="mixed@example.com")
    assert sign_in(client, "  Mixed@Example.COM ").status_code == 303


def test_wrong_password_unknown_address_and_disabled_account_look_the_same(app):
    known, disabled = make_user(), make_user()
    signing_in.disable(disabled)
    answers = [
        sign_in(app.test_client(), email, password)
        for email, password in ((known.email, "wrong"), ("nobody@example.com", PASSWORD), (disabled.email, PASSWORD))
    ]
    texts = {re.sub(r'(value|content|nonce)="[^"]*"', "", answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(texts) == 1


def test_an_unknown_address_costs_the_same_statements(app, statements):
    make_user(email="known@example.com")
    sign_in(app.test_client(), "warm@example.com")
    with statements() as for_known:
        sign_in(app.test_client(), "known@example.com", "wrong", address="192.0.2.2")
    with statements() as for_unknown:
        sign_in(app.test_client(), "nobody@example.com", "wrong", address="192.0.2.3")
    assert len(for_known) == len(for_unknown)


def test_an_unknown_address_costs_the_same_hash():
    from shop.accounts import hashing

    assert not hashing.is_dated(hashing.NOBODYS_HASH)
    assert not hashing.is_password("anything", None)


@pytest.mark.parametrize("target", ["/account/orders", "/products?sort=newest"])
def test_one_goes_on_to_the_page_that_was_asked_for(client, target):
    page = client.get("/login", query_string={"next": target})
    assert target.replace("&", "&amp;") in page.text
    assert sign_in(client, make_user().email, next=target).headers["Location"] == target


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:x"]
)
def test_one_never_goes_on_to_another_site(client, target):
    assert "evil" not in client.get("/login", query_string={"next": target}).text
    assert sign_in(client, make_user().email, next=target).headers["Location"] == "/account"


def test_signing_in_gives_a_new_cookie_and_the_old_one_stays_worthless(app, client):
    client.get("/login")
    before = cookie_of(client)
    sign_in(client, make_user().email)
    assert cookie_of(client) != before
    assert not is_in(with_cookie(app, before))


def test_a_token_that_was_planted_before_does_not_become_a_sign_in(client):
    with client.session_transaction() as session:
        session["sign_in"] = "planted"
    sign_in(client, make_user().email)
    with client.session_transaction() as session:
        assert session["sign_in"] != "planted"


def test_a_saved_cookie_is_worthless_after_signing_out(app, client):
    sign_in(client, make_user().email)
    saved = cookie_of(client)
    assert client.post("/logout").status_code == 303
    assert not is_in(client)
    assert not is_in(with_cookie(app, saved))


def test_signing_out_needs_a_token_of_the_page(client):
    sign_in(client, make_user().email)
    assert client.post("/logout", csrf=False).status_code == 400
    assert client.get("/logout").status_code == 405
    assert is_in(client)


def test_disabling_somebody_ends_every_sign_in_at_once(as_client):
    assert is_in(as_client)
    signing_in.disable(db.session.get_one(User, as_client.user.id))
    db.session.commit()
    assert not is_in(as_client)


def test_a_client_may_stay_away_for_fourteen_days(clock, as_client):
    clock.shift(timedelta(days=14))
    assert is_in(as_client)


def test_after_fourteen_idle_days_a_client_signs_in_again(clock, app):
    user, browser = make_user(), app.test_client()
    sign_in(browser, user.email)
    clock.shift(timedelta(days=14, minutes=1))
    assert not is_in(browser)


def test_no_client_stays_signed_in_for_more_than_ninety_days(clock, app):
    user, browser = make_user(), app.test_client()
    sign_in(browser, user.email)
    for _ in range(9):
        clock.shift(timedelta(days=10))
        assert is_in(browser)
    clock.shift(timedelta(minutes=1))
    assert not is_in(browser)


def test_being_seen_is_written_once_a_minute(clock, app, statements):
    user, browser = make_user(), app.test_client()
    sign_in(browser, user.email)
    seen = db.session.scalars(select(SignIn)).one()
    was = seen.seen_at
    clock.shift(timedelta(seconds=59))
    is_in(browser)
    assert reread(seen).seen_at == was
    clock.shift(timedelta(seconds=2))
    is_in(browser)
    assert reread(seen).seen_at - was == timedelta(seconds=61)


def test_who_is_signed_in_costs_one_statement_and_nobody_none(as_client, client, statements):
    as_client.get("/register/sent")
    client.get("/register/sent")
    with statements() as for_client:
        as_client.get("/register/sent")
    with statements() as for_nobody:
        client.get("/register/sent")
    assert len([text for text in for_client.texts if "sign_in" in text]) == 1
    assert not [text for text in for_nobody.texts if "sign_in" in text]


def test_a_password_hashed_at_other_costs_is_hashed_again_at_sign_in(client):
    user = make_user()
    was = user.password_hash
    sign_in(client, user.email)
    now = reread(user).password_hash
    assert now != was
    assert now.startswith("$argon2id$v=19$m=19456,t=3,p=1$")


@pytest.mark.parametrize("password", ["x7 " * 21 + "!", "é✨🌿 harbour  ", "q9-" * 43, "trailing space lamp "])
def test_any_password_signs_in_exactly_as_it_was_chosen(client, password):
    from shop.accounts.hashing import hash_password

    user = make_user(password_hash=hash_password(password))
    assert sign_in(client, user.email, password[:-1]).status_code == 422
    assert sign_in(client, user.email, password).status_code == 303


def test_the_answer_is_kept_by_no_browser(client):
    assert client.get("/login").headers["Cache-Control"] == "no-store"


def test_the_token_is_stored_as_a_hash_only(client, app):
    sign_in(client, make_user().email)
    with client.session_transaction() as session:
        token = session["sign_in"]
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.token_hash == token)) == 0
    assert len(token) >= 43
    assert not db.session.scalars(select(HistoryRow)).all()


def test_fields_of_the_page_can_be_filled_by_a_password_manager(client):
    text = client.get("/login").text
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text


def test_the_guests_bag_is_handed_over(app, client, monkeypatch):
    heard = []
    listeners = app.extensions["handlers"].now.setdefault("signed_in", [])
    monkeypatch.setattr(app.extensions["handlers"], "now", {"signed_in": [*listeners, lambda **facts: heard.append(facts)]})
    user = make_user()
    with client.session_transaction() as session:
        session["bag"] = "the bag's token"
    sign_in(client, user.email)
    assert heard == [{"user_id": user.id, "client_id": None, "bag_token": "the bag's token"}]
