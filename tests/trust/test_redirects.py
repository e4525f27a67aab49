"""No address, however it is written, makes the shop send somebody to another site."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.web import site_path
from tests.support.factories import PASSWORD
from tests.support.forms import forms
from tests.support.people import browser_of_client
from tests.support.world import make_world, rules

EVIL = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "//evil.example%2f@localhost",
    "//localhost@evil.example",
    "/\r\nLocation: https://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\u2028/evil.example",
    "//evil。example",
)
PARAMETERS = ("next", "back", "target", "return", "return_to", "url", "to", "redirect", "continue")
OURS = {"", "localhost"}
SIGN = st.sampled_from(list("/\\:@.%?#\t\r\n \u2028\u3002abc019"))


@pytest.fixture(params=["nobody", "client"])
def browser(request, app, client):
    return client if request.param == "nobody" else browser_of_client(app)


@given(st.one_of(st.text(max_size=30), st.lists(SIGN, max_size=12).map("".join), st.sampled_from(EVIL)))
def test_a_path_to_go_on_to_is_always_one_of_ours(text):
    path = site_path(text)
    assert urlsplit(urljoin("https://shop.example/login", path)).netloc == "shop.example"
    assert not set(path) & set("\r\n\t\\")


def test_no_page_leads_elsewhere_because_its_address_says_so(app, browser):
    world, wrong = make_world(), []
    for rule in rules(app, "GET"):
        if rule.rule.startswith(("/assets", "/admin")):
            continue
        for evil in EVIL:
            answer = browser.get(world.address(rule), query_string=dict.fromkeys(PARAMETERS, evil), inspect=False)
            wrong += _led_astray(rule.rule, evil, answer)
    assert not wrong


def test_no_form_leads_elsewhere_because_it_says_so(app, browser):
    world, wrong = make_world(), []
    for rule in rules(app, "POST"):
        if rule.rule.startswith(("/admin", "/logout", "/stripe", "/account/privacy")):
            continue
        for evil in EVIL[:8]:
            answer = browser.post(
                world.address(rule),
                data=dict.fromkeys(PARAMETERS, evil),
                headers={"Referer": evil.encode("ascii", "replace").decode().strip()},
                inspect=False,
            )
            wrong += _led_astray(rule.rule, evil, answer)
    assert not wrong


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_goes_on_inside_the_shop(app, client, evil):
    person = browser_of_client(app).user
    page = client.get("/login", query_string={"next": evil})
    form = next(form for form in forms(page.text, here="/login") if "password" in form.names)
    sent = form.fields | {"email": person.email, "password": PASSWORD}
    answer = client.post("/login", data=sent)
    assert answer.status_code in (302, 303)
    assert _led_astray("/login", evil, answer) == []


def _led_astray(rule: str, evil: str, answer) -> list[str]:
    there = answer.headers.get("Location")
    if there is None or urlsplit(urljoin("http://localhost/", there)).netloc in OURS:
        return []
    return [f"{rule} with {evil!r}: {there}"]
