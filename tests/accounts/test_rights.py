"""Who may use a route is declared beside it, and what is declared is enforced."""

import pytest
from flask import Blueprint, Flask

from shop.accounts import rights
from shop.accounts.roles import ROLES_WITH, can
from shop.core.access import Undeclared, declare, refuse_undeclared, who_may

PROBES = {
    "client": "client",
    "staff": "staff",
    "heads": "staff:owner,admin",
    "health": "staff:consultant,practitioner,medical-lead",
}


@pytest.fixture
def probed(app, monkeypatch):
    """Four routes of the shop as if they were declared so."""
    names = dict(zip(PROBES, ("registered_page", "reset_sent_page", "register_page", "code_page"), strict=True))
    for probe, view in names.items():
        monkeypatch.setattr(app.view_functions[f"accounts.{view}"], "who", PROBES[probe], raising=False)
    return dict(zip(PROBES, ("/register/sent", "/reset/sent", "/register", "/login/code"), strict=True))


def asks(browser, path):
    return browser.get(path, follow_redirects=False).status_code


def test_strangers_are_asked_to_sign_in_and_come_back(client, probed):
    for path in probed.values():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={path}")


def test_machines_are_told_401(client, probed):
    answer = client.get(probed["client"], headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_a_refused_post_does_not_become_a_next_page(client, app, monkeypatch):
    monkeypatch.setattr(app.view_functions["accounts.ask_reset"], "who", "client", raising=False)
    assert client.post("/reset").headers["Location"] == "/login"


def test_a_client_sees_client_pages_and_no_trace_of_staff_pages(as_client, probed):
    assert {name: asks(as_client, path) for name, path in probed.items()} == {
        "client": 200,
        "staff": 404,
        "heads": 404,
        "health": 404,
    }


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("owner", {"heads"}),
        ("admin", {"heads"}),
        ("consultant", {"health"}),
        ("medical-lead", {"health"}),
        ("desk", set()),
        ("stock", set()),
    ],
)
def test_staff_see_what_their_role_opens_and_no_more(as_role, probed, role, opens):
    browser = as_role(role)
    assert asks(browser, probed["client"]) == asks(browser, probed["staff"]) == 200
    for name in ("heads", "health"):
        status = asks(browser, probed[name])
        assert (status != 403) == (name in opens)


def test_a_role_that_is_lost_closes_the_door_at_the_next_request(as_admin, probed):
    assert asks(as_admin, probed["staff"]) == 200
    as_admin.user.role = "stock"
    assert asks(as_admin, probed["heads"]) == 403


def test_private_pages_are_kept_by_no_browser(as_client, probed):
    assert as_client.get(probed["client"]).headers["Cache-Control"] == "no-store"


def test_nobody_reads_health_answers_by_being_powerful():
    assert not {"owner", "admin", "desk", "stock"} & ROLES_WITH["health"]
    assert not can("owner", "health")
    assert not can(None, "health")


def test_every_route_of_the_shop_says_who_may_use_it(app):
    declared = {rule.endpoint: who_may(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert declared
    known = {"public", "client", "staff"}
    assert {who for who in declared.values() if who not in known and not str(who).startswith("staff:")} == set()


def test_every_page_of_the_desks_is_for_staff(app):
    open_ones = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and not str(who_may(app, rule.endpoint)).startswith("staff")
    ]
    assert not open_ones


def test_a_shop_with_an_undeclared_route_does_not_start():
    shop, page = Flask("probe", static_folder=None), Blueprint("page", "probe")
    page.get("/secret")(lambda: "open to whom?")
    shop.register_blueprint(page)
    with pytest.raises(Undeclared, match="page"):
        refuse_undeclared(shop)
    declare(page, "client")
    refuse_undeclared(shop)


def test_the_view_is_asked_before_its_blueprint():
    shop, page = Flask("probe", static_folder=None), declare(Blueprint("page", "probe"), "public")
    page.get("/own", endpoint="own")(rights.login_needed(lambda: ""))
    page.get("/plain", endpoint="plain")(lambda: "")
    shop.register_blueprint(page)
    assert (who_may(shop, "page.own"), who_may(shop, "page.plain")) == ("client", "public")


def test_a_role_that_does_not_exist_cannot_be_declared():
    with pytest.raises(ValueError, match="janitor"):
        rights.staff_needed("janitor")
