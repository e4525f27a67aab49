"""Six digits by e-mail instead of a password: for one browser, ten minutes, five tries."""

import re

import pytest

from shop.accounts.signing_in import disable
from tests.accounts.ways import is_in, make_staff
from tests.support.factories import make_user


def ask(browser, email):
    return browser.post("/login/code", data={"email": email})


def give(browser, code):
    return browser.post("/login/code", data={"code": code})


def code_in(mail):
    return re.search(r"\b(\d{6})\b", mail.text).group(1)


@pytest.fixture
def code(client, mailbox):
    """Asked for by `client`, for a user."""
    user = make_user(email="ada@example.com")
    assert ask(client, user.email).headers["Location"] == "/login/code"
    return code_in(mailbox.last(user.email))


def test_the_code_opens_the_account(client, code):
    assert 'autocomplete="one-time-code"' in client.get("/login/code").text
    assert give(client, f" {code[:3]} {code[3:]} ").headers["Location"] == "/account"
    assert is_in(client)


def test_the_code_works_once(client, code):
    with client.session_transaction() as session:
        asked = session["code"]
    give(client, code)
    client.post("/logout")
    with client.session_transaction() as session:
        session["code"] = asked
    assert give(client, code).status_code == 422
    assert not is_in(client)


def test_the_code_opens_nothing_in_another_browser(app, client, code):
    other = app.test_client()
    ask(other, "ada@example.com")
    assert give(other, code).status_code == 422
    assert not is_in(other)


def test_five_wrong_codes_spend_the_right_one(client, code):
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert give(client, wrong).status_code == 422
    assert "five times" in give(client, code).text
    assert not is_in(client)


def test_after_ten_minutes_the_code_is_over(clock, client, mailbox):
    ask(client, make_user(email="ada@example.com").email)
    late = code_in(mailbox.last())
    clock.shift(601)
    assert give(client, late).status_code == 422


def test_an_unknown_address_gets_the_same_answer_and_is_told_by_e_mail(app, client, mailbox, statements):
    make_user(email="ada@example.com")
    other = app.test_client()
    ask(app.test_client(), "warm@example.com")
    with statements() as for_known:
        known = ask(client, "ada@example.com")
    with statements() as for_unknown:
        unknown = ask(other, "nobody@example.com")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert len(for_known) == len(for_unknown)
    assert "no account" in mailbox.last("nobody@example.com").subject
    pages = [re.sub(r'value="[^"]*"', "", browser.get("/login/code").text) for browser in (client, other)]
    assert pages[0] == pages[1]
    assert give(other, "123456").status_code == 422


def test_who_was_disabled_gets_no_code(client, mailbox):
    user = make_user(email="ada@example.com")
    disable(user)
    ask(client, user.email)
    assert not re.search(r"\b\d{6}\b", mailbox.last(user.email).subject)


def test_a_code_does_not_spare_staff_the_second_factor(client, mailbox):
    make_staff()
    ask(client, "admin@clinic.example")
    assert give(client, code_in(mailbox.last())).headers["Location"] == "/login/second"
    assert not is_in(client)


def test_an_address_gets_only_so_many_codes(client, mailbox):
    for _ in range(5):
        assert ask(client, "ada@example.com").status_code == 303
    assert ask(client, "ada@example.com").status_code == 429
