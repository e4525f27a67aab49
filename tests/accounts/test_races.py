"""What works once works once, however many try at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from flask import Flask

from shop.accounts import mail_tokens
from shop.accounts.claiming import claim_client
from shop.accounts.models import User
from shop.accounts.second_factor import accept_code, draw_recovery_codes
from shop.core.db import db
from shop.core.errors import ShopError
from tests.accounts.ways import digits, make_staff
from tests.support.factories import make_client, make_user

AT_ONCE = 8


def all_at_once(app: Flask, act: Callable[[int], Any]) -> Counter:
    """What each of several threads got, every one in a transaction of its own."""
    db.session.commit()
    barrier, got = Barrier(AT_ONCE), Counter()

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                answer = act(number)
                db.session.commit()
            except ShopError as refused:
                db.session.rollback()
                answer = type(refused).__name__
            got[answer] += 1
            db.session.remove()

    threads = [Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_a_code_of_the_authenticator_opens_one_browser(clock, app):
    user_id, code = make_staff().id, digits()
    assert all_at_once(app, lambda _: accept_code(user_id, code)) == {True: 1, False: AT_ONCE - 1}


def test_a_recovery_code_opens_one_browser(app):
    user_id = make_staff().id
    code = draw_recovery_codes(user_id)[0]
    assert all_at_once(app, lambda _: accept_code(user_id, code)) == {True: 1, False: AT_ONCE - 1}


def test_a_mailed_link_is_spent_once(app):
    user = make_user()
    token = mail_tokens.draw("reset", email=user.email, user_id=user.id)
    got = all_at_once(app, lambda _: mail_tokens.spend("reset", token).purpose)
    assert got == {"reset": 1, "Refused": AT_ONCE - 1}


def test_five_tries_are_five_tries(app):
    user = make_user()
    token, code = mail_tokens.draw_code(email=user.email, user_id=user.id)
    wrong = "000000" if code != "000000" else "111111"
    got = all_at_once(app, lambda _: mail_tokens.try_code(token, wrong))
    assert got == {None: 5, "Refused": AT_ONCE - 5}


def test_a_guest_becomes_one_person(app):
    guest_id = make_client(user=None).id
    users = [make_client().user_id for _ in range(AT_ONCE)]

    def claim(number: int) -> str:
        claim_client(guest_id, user=db.session.get_one(User, users[number]), by="test")
        return "claimed"

    assert all_at_once(app, claim) == {"claimed": 1, "Conflict": AT_ONCE - 1}
