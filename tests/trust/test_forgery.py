"""A change needs a form of ours in the hands of its own visitor: no token, another's token or another site's is refused."""

from __future__ import annotations

import pytest

from tests.support.people import browser_of_client
from tests.support.statements import statements
from tests.support.world import make_world, rules
from tests.trust.changes import WRITES

FOREIGN = (
    "https://evil.example",
    "null",
    "http://localhost.evil.example",
    "http://evil.example:80",
    "https://localhost:444",
)
# Asks nobody for a token: whoever calls must have signed the body.
SIGNED = {"checkout.webhook"}


def test_a_token_of_another_visitor_opens_nothing(app):
    mine, theirs = browser_of_client(app), browser_of_client(app)
    assert refused(app, mine, {"X-CSRFToken": theirs.token()}) == []


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_form_on_another_site_is_refused_even_with_the_right_token(app, origin):
    browser = browser_of_client(app)
    assert refused(app, browser, {"Origin": origin, "X-CSRFToken": browser.token()}) == []


def test_over_tls_a_form_without_the_page_it_was_on_is_refused(tls, secure):
    token = secure.token()
    silent = {"Referer": "", "X-CSRFToken": token}
    assert secure.post("/bag/lines", csrf=False, headers=silent).status_code == 400
    assert (
        secure.post(
            "/bag/lines", csrf=False, headers={"Referer": "https://evil.example/", "X-CSRFToken": token}
        ).status_code
        == 400
    )


def test_the_shops_own_forms_are_taken(client):
    own = client.post("/bag/codes", data={"code": "X"}, headers={"Origin": "http://localhost"})
    assert own.status_code not in (400, 403)


def test_no_get_is_a_post_in_disguise(app):
    hidden = [rule.rule for rule in app.url_map.iter_rules() if {"GET", "POST"} <= set(rule.methods or ())]
    assert hidden == []


def refused(app, browser, headers) -> list[str]:
    """Every POST of the shop that was not refused, or that changed something."""
    world, wrong = make_world(), []
    for rule in rules(app, "POST"):
        if rule.endpoint in SIGNED:
            continue
        with statements() as count:
            answer = browser.post(world.address(rule), csrf=False, headers=headers, inspect=False)
        if answer.status_code not in (400, 403, 404):
            wrong.append(f"{rule.rule}: {answer.status_code}")
        wrong += [f"{rule.rule} writes: {text[:80]}" for text in count.texts if WRITES.search(text)]
    return wrong
