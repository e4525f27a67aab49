"""What every answer tells the browser to enforce, on pages, errors and files alike."""

from __future__ import annotations

import re

import pytest
from flask import g
from werkzeug.exceptions import InternalServerError

from shop.core.db import db
from shop.core.web import csp_nonce
from tests.support.people import browser_of_client
from tests.support.world import make_world, rules

YEAR = 31_536_000
ERRORS = ("/no-such-page", "/products/no-such-product", "/orders/AG-NOT", "/account", "/admin")
NOWHERE = ("'none'",)


def policy(answer) -> dict[str, tuple[str, ...]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: tuple(sources) for name, *sources in parts}


def missing(answer) -> list[str]:
    """What a browser would have to be told and was not."""
    told, said = answer.headers, policy(answer)
    age = re.search(r"max-age=(\d+); includeSubDomains", told.get("Strict-Transport-Security", ""))
    sources = {source for values in said.values() for source in values}
    wanted = {
        "HSTS for a year": bool(age and int(age[1]) >= YEAR),
        "nosniff": told.get("X-Content-Type-Options") == "nosniff",
        "referrers": told.get("Referrer-Policy") in ("strict-origin-when-cross-origin", "same-origin", "no-referrer"),
        "its own window": told.get("Cross-Origin-Opener-Policy") == "same-origin",
        "its own resources": told.get("Cross-Origin-Resource-Policy") == "same-origin",
        "permissions": "geolocation=()" in told.get("Permissions-Policy", ""),
        "no frames": said.get("frame-ancestors") == NOWHERE and told.get("X-Frame-Options") == "DENY",
        "nothing by default": said.get("default-src") == NOWHERE,
        "no objects": said.get("object-src") == NOWHERE,
        "no base": said.get("base-uri") == NOWHERE,
        "forms": "form-action" in said and "*" not in said["form-action"],
        "no loose sources": not sources & {"*", "'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "'unsafe-hashes'"},
        "no data in scripts": "data:" not in said.get("script-src", ()),
        "no version": not re.search(r"\d", told.get("Server", "")) and "X-Powered-By" not in told,
        "no foreign origin": "Access-Control-Allow-Origin" not in told,
    }
    return [name for name, holds in wanted.items() if not holds]


def test_every_page_and_every_file_is_told_everything(tls, secure):
    world, wrong = make_world(), {}
    addresses = [world.address(rule) for rule in rules(tls, "GET")]
    files = [f"/assets/x/{name}" for name in ("app.css", "js/shop.js", "favicon.svg", "og.jpg")]
    for address in [*addresses, *files, "/favicon.ico", *ERRORS]:
        answer = secure.get(address, headers={"Origin": "https://evil.example"})
        if faults := missing(answer):
            wrong[address] = faults
    assert not wrong


def test_a_page_that_failed_is_told_everything_too(tls, secure, monkeypatch):
    def fails():
        raise InternalServerError

    monkeypatch.setitem(tls.view_functions, "storefront.home", fails)
    answer = secure.get("/")
    assert answer.status_code == 500
    assert not missing(answer)


def test_a_nonce_is_never_given_twice(app):
    nonces = set()
    for _ in range(5):
        g.pop("csp_nonce", None)
        nonces.add(csp_nonce())
        assert csp_nonce() in nonces
    assert len(nonces) == 5
    assert min(map(len, nonces)) >= 20


def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(tls, secure):
    made = browser_of_client(tls)
    answers = [secure.get("/login"), secure.get("/bag"), secure.post("/logout"), made.get("/account")]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert cookies
    for cookie in cookies:
        name, _, rest = cookie.partition("=")
        flags = {flag.strip().split("=")[0].lower() for flag in rest.split(";")[1:]}
        assert name.startswith("__Host-"), cookie
        assert {"secure", "httponly", "samesite", "path"} <= flags, cookie
        assert "domain" not in flags, cookie
        assert "samesite=lax" in cookie.lower()


def test_what_belongs_to_a_person_is_kept_by_no_browser(tls):
    make_world()
    browser = browser_of_client(tls)
    kept = [
        rule.rule
        for rule in rules(tls, "GET")
        if not rule.arguments and rule.rule.startswith("/account") and "no-store" not in _cache(browser.get(rule.rule))
    ]
    assert not kept
    db.session.rollback()


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_methods_that_nobody_needs_are_refused(secure, method):
    assert secure.open("/", method=method, csrf=False).status_code in (400, 405)


def _cache(answer) -> str:
    return answer.headers.get("Cache-Control", "")
