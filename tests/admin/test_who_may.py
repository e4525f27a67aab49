"""Every route under /admin: strangers sign in, clients find nothing, roles without the right are refused, in every method."""

import pytest

from shop.accounts.models import ROLES
from shop.core.access import who_may
from tests.support.people import browser_of_client, browser_of_staff
from tests.support.world import make_world

OPEN_TO_ALL_STAFF = {"admin.today"}


def desk_rules(app):
    found = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin")]
    assert found
    return found


def ask(browser, world, rule):
    for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
        yield method, browser.open(world.address(rule), method=method).status_code


def test_strangers_are_asked_to_sign_in(app, client):
    world = make_world()
    for rule in desk_rules(app):
        assert {status for _, status in ask(client, world, rule)} == {303}, rule.rule


def test_clients_find_nothing(app):
    world, browser = make_world(), browser_of_client(app)
    for rule in desk_rules(app):
        assert {status for _, status in ask(browser, world, rule)} == {404}, rule.rule


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_right_is_refused(app, role):
    world, browser = make_world(), browser_of_staff(role, app)
    for rule in desk_rules(app):
        roles = (who_may(app, rule.endpoint) or "").partition(":")[2].split(",")
        for method, status in ask(browser, world, rule):
            assert (status == 403) == (role not in roles), f"{method} {rule.rule} as {role}: {status}"


def test_every_route_names_its_roles(app):
    for rule in desk_rules(app):
        declared = who_may(app, rule.endpoint) or ""
        assert declared.startswith("staff:"), rule.rule
        if rule.endpoint not in OPEN_TO_ALL_STAFF:
            assert len(declared.split(",")) < len(ROLES), rule.rule


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(app, as_admin):
    from shop.core.db import db

    assert as_admin.get("/admin/orders").status_code == 200
    as_admin.user.role = "practitioner"
    db.session.commit()
    assert as_admin.get("/admin/orders").status_code == 403
