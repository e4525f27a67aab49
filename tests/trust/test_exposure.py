"""What is not meant to be served is not there, and nothing personal travels in an address or into the log."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest

from tests.support.factories import PASSWORD
from tests.support.people import browser_of_client, browser_of_staff
from tests.support.sources import ROOT
from tests.support.world import make_world, rules
from tests.trust.owner import EMAIL, MEDICINE, NAME, PHONE, STREET, make_owner
from tests.trust.test_failing import lines  # noqa: F401 (a fixture)

LEAKS = (
    "/.git/HEAD",
    "/.git/config",
    "/.env",
    "/instance/",
    "/instance/dev.env",
    "/instance/shop.db",
    "/shop.db",
    "/config.py",
    "/wsgi.py",
    "/app.py",
    "/requirements.txt",
    "/requirements/base.txt",
    "/pyproject.toml",
    "/README.md",
    "/console",
    "/server-status",
    "/backup.sql",
    "/static/",
    "/static/css/ORDER",
    "/assets/",
    "/assets/x/",
    "/assets/x/css/",
    "/assets/x/../../config.py",
    "/assets/x/..%2f..%2fconfig.py",
    "/assets/x/%2e%2e/%2e%2e/config.py",
    "/assets/x//etc/passwd",
    "/phpinfo.php",
    "/wp-login.php",
)
ADDRESSES = re.compile(r'(?:href|action|src|formaction)="([^"]*)"')
PEOPLE = (EMAIL, NAME, STREET, PHONE, MEDICINE)


@pytest.mark.parametrize("path", LEAKS)
def test_what_is_not_a_page_is_not_there(client, path):
    answer = client.get(path, inspect=False, follow_redirects=True)
    assert answer.status_code in (400, 404), path
    assert b"SECRET_KEY" not in answer.data


def test_every_file_that_is_served_is_one_of_the_designs(app):
    served = set(app.extensions["assets"].files) - {"app.css"}
    assert served == {
        path.relative_to(ROOT / "static").as_posix() for path in (ROOT / "static").rglob("*") if path.is_file()
    }


def test_nothing_helps_a_debugger(app):
    assert not app.debug
    assert "debugger" not in {str(name).lower() for name in app.extensions}
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("debug", "static"))]


@pytest.mark.sqlite
def test_no_address_holds_a_person(app):
    make_world()
    owner, wrong, seen = make_owner(app), [], 0
    for rule in rules(app, "GET"):
        for address in owner.addresses(rule):
            answer = owner.browser.get(address, inspect=False)
            found = ADDRESSES.findall(answer.text) if answer.mimetype == "text/html" else []
            for target in [*found, answer.headers.get("Location", "")]:
                seen += 1
                if not target.startswith(("mailto:", "tel:")):
                    wrong += [f"{address}: {target}" for word in PEOPLE if word in unquote(target).replace("+", " ")]
    assert not wrong, "\n".join(wrong[:20])
    assert seen > 500


@pytest.mark.sqlite
def test_the_log_holds_routes_and_no_person(app, lines):  # noqa: F811
    make_world()
    owner = make_owner(app)
    for rule in rules(app, "GET"):
        for address in owner.addresses(rule):
            owner.browser.get(address, query_string={"q": NAME, "email": EMAIL}, inspect=False)
    visitor = app.test_client()
    visitor.post("/login", data={"email": EMAIL, "password": PASSWORD + "x"})
    visitor.post("/login", data={"email": EMAIL, "password": PASSWORD})
    visitor.post("/reset", data={"email": EMAIL})
    assert len(lines) > 100
    secret = (*PEOPLE, PASSWORD, "AG-CANARY1", "V-CANARY1", *owner.values["code"])
    assert not [line for line in lines for word in secret if word in line]


def test_a_line_break_in_what_is_typed_begins_no_line_of_the_log(client, lines):  # noqa: F811
    client.post("/login", data={"email": 'a@example.com\r\n{"event": "signed in", "user": 1}', "password": "x\r\ny"})
    client.get("/products?q=%0d%0aevent")
    assert lines
    assert all(line.count("\n") == 0 for line in lines)
    assert not [line for line in lines if '"user": 1' in line]


ACTS = {
    "sign-in refused": lambda browser: browser.post("/login", data={"email": EMAIL, "password": "wrong"}),
    "signed in": lambda browser: browser.post("/login", data={"email": EMAIL, "password": PASSWORD}),
    "own data exported": lambda browser: browser.get("/account/privacy/export"),
    "e-mail change asked": lambda browser: browser.post(
        "/account/details/email", data={"email": "new@example.org", "current": PASSWORD}
    ),
    "password changed": lambda browser: browser.post(
        "/account/details/password", data={"current": PASSWORD, "password": "four quiet harbours"}
    ),
    "other sign-ins ended": lambda browser: browser.post("/account/sign-ins/others"),
    "signed out": lambda browser: browser.post("/logout"),
}


@pytest.mark.sqlite
def test_acts_that_matter_leave_a_line_each(app, client, lines):  # noqa: F811
    make_world()
    make_owner(app)
    said = []
    for event, act in ACTS.items():
        before = len(lines)
        act(client)
        if not any(f'"event": "{event}"' in line for line in lines[before:]):
            said.append(event)
    assert said == []


@pytest.mark.sqlite
@pytest.mark.parametrize(("role", "status"), [("client", 404), ("stock", 403)])
def test_a_refusal_leaves_a_line_that_says_who_and_where(app, lines, role, status):  # noqa: F811
    browser = browser_of_client(app) if role == "client" else browser_of_staff(role, app)
    assert browser.get("/admin/attention").status_code == status
    refused = [json.loads(line) for line in lines if '"event": "refused"' in line]
    assert [(line["user"], line["role"], line["route"]) for line in refused] == [
        (browser.user.id, role, "/admin/attention")
    ]
