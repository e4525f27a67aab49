"""Every route, asked by everybody: who may see it sees a whole page, who may not sees nothing of it, and no GET writes."""

from __future__ import annotations

import re

import pytest

from shop.accounts.models import ROLES
from shop.core.access import who_may
from tests.support.people import browser_of_client, browser_of_staff
from tests.support.world import make_world, rules

EVERYBODY = ("nobody", "client", *ROLES)
WRITES = re.compile(r"\b(INSERT (OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM)\b", re.IGNORECASE)
# Without a token of ours these check a signature instead.
SIGNED_DOORS = {"checkout.webhook"}
# Addresses that hold a secret or a number of somebody else's: a stranger is told that there is nothing.
GUARDED_BY_OWNER = {"about", "token", "number", "id", "line_id", "code"}
# Pages that mean nothing without what their address should carry.
NOTHING_WITHOUT_PARAMETERS = {
    "dev.one_mail": {404},
    "dev.one_mail_as_html": {404},
    "checkout.come_back": {404},
    "orders.accept_sessions_page": {404},
    "storefront.uploaded_picture": {404},
}


@pytest.fixture(params=EVERYBODY)
def browser(request, app, client):
    """(who, their browser)"""
    if request.param == "nobody":
        return request.param, client
    return request.param, browser_of_client(app) if request.param == "client" else browser_of_staff(request.param, app)


def test_every_page_answers_whom_it_is_for_and_nobody_else(app, browser, statements):
    who, asking = browser
    world, wrong = make_world(), []
    for rule in rules(app, "GET"):
        with statements() as count:
            answer = asking.get(world.address(rule))
        allowed = expected(who_may(app, rule.endpoint), who, rule)
        if answer.status_code not in allowed:
            wrong.append(f"{rule.rule} as {who}: {answer.status_code}, not one of {sorted(allowed)}")
        if not getattr(app.view_functions[rule.endpoint], "writes", False):
            wrong += [f"{rule.rule} as {who} writes: {text[:80]}" for text in count.texts if WRITES.search(text)]
    assert not wrong, "\n".join(wrong)


def test_every_post_without_a_token_is_refused_and_changes_nothing(app, browser, statements):
    who, asking = browser
    world, wrong = make_world(), []
    for rule in rules(app, "POST"):
        with statements() as count:
            answer = asking.post(world.address(rule), csrf=False)
        # A form that takes files looks at its token inside the page, after the sign-in: a stranger is sent there.
        to_sign_in = who == "nobody" and answer.status_code == 303 and answer.location.startswith("/login")
        if answer.status_code not in (400, 403) and not to_sign_in:
            wrong.append(f"POST {rule.rule} as {who} without a token: {answer.status_code}")
        wrong += [f"POST {rule.rule} as {who} writes: {text[:80]}" for text in count.texts if WRITES.search(text)]
    assert not wrong, "\n".join(wrong)


def test_every_empty_form_is_answered_with_a_page_and_not_with_an_error(app, browser):
    who, asking = browser
    world, wrong = make_world(), []
    for rule in rules(app, "POST"):
        if rule.endpoint in ("accounts.sign_out", "accounts.lock_screen"):
            continue
        answer = asking.post(world.address(rule))
        if answer.status_code >= 500:
            wrong.append(f"POST {rule.rule} as {who} with nothing in it: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_every_method_that_a_page_does_not_have_is_a_405(client):
    assert client.delete("/login").status_code == 405


def expected(declared: str | None, who: str, rule) -> set[int]:
    """The table: what a route declares against who asks."""
    seen = {200, 301, 302, 303} | NOTHING_WITHOUT_PARAMETERS.get(rule.endpoint, set())
    if rule.arguments & GUARDED_BY_OWNER:
        seen |= {404, 410}
    if declared == "public":
        return seen
    if who == "nobody":
        return {303}
    if declared == "client":
        return seen
    _, _, roles = (declared or "").partition(":")
    if who == "client":
        return {404}
    return seen if not roles or who in roles.split(",") else {403}
