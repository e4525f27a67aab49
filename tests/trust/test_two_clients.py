"""What belongs to one client is nowhere for another, for a stranger, and for staff whose task it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from shop.accounts.models import SignIn
from shop.core.db import db
from tests.support.factories import make_user
from tests.support.people import browser_of, browser_of_client, browser_of_staff
from tests.support.world import make_world, rules
from tests.trust.owner import DUNNOCK, MEDICINE, NAME, make_owner
from tests.trust.test_allow_table import TREATING, named

# Who may see nothing gets one of these; a page for everybody about something else may be a 200.
CLOSED = {302, 303, 400, 401, 403, 404, 405, 409, 410, 422, 429}
# Asked last: these end the visit of whoever asks.
ENDING = ("/logout", "/account/sign-ins", "/account/privacy/erase")
STAFF = ("consultant", "admin")
OTHERS = ("nobody", "the other client", "consultant", "medical-lead", "admin", "stock")
WORDS_OF_OWNERS = {"number", "code", "paper", "token"}
# Nobody's own: what the clinic has, and links that somebody must hold.
CLINICS = (
    "/admin/stock/",
    "/admin/reports/payouts/",
    "/admin/setup/",
    "/admin/imports/",
    "/admin/codes/",
    "/media/",
    "/confirm/",
    "/reset/",
    "/assets/",
    "/admin/staff/",
    "/admin/desk/",
    "/dev/mail/",
)
# Opened by a state that these clients are not in.
CLOSED_NOW = {"/orders/<number>/accept", "/orders/<number>/pay", "/plan/<token>", "/account/consents/<about>"} | {
    f"/admin/clients/<int:id>/sessions/<code>/{act}" for act in ("give-back", "revive")
}

pytestmark = pytest.mark.sqlite  # who may see a row is decided above the database


@pytest.fixture
def owners(app):
    """Two clients who own one of everything each."""
    make_world()
    return make_owner(app), make_owner(app, DUNNOCK)


@pytest.fixture
def owner(owners):
    return owners[0]


@pytest.fixture(params=OTHERS)
def other(request, app, client, owners):
    """(who, their browser)"""
    if request.param == "nobody":
        return request.param, client
    return request.param, owners[1].browser if request.param == "the other client" else browser_of_staff(request.param, app)


def test_every_address_with_an_id_shows_its_owner_or_the_staff_something_so_that_these_tests_can_fail(app, owner):
    who = [owner.browser, browser_of_staff("owner", app), browser_of_staff("medical-lead", app)]
    blind = []
    for rule in rules(app, "GET"):
        if rule.arguments and not rule.rule.startswith(CLINICS) and rule.rule not in CLOSED_NOW:
            addresses = list(owner.addresses(rule, links=True))
            if not any(browser.get(address, inspect=False).status_code == 200 for browser in who for address in addresses):
                blind.append(rule.rule)
    assert blind == []


def test_every_planted_word_is_shown_to_somebody_so_that_these_tests_can_fail(app, owner):
    who = [owner.browser, browser_of_staff("owner", app), browser_of_staff("medical-lead", app)]
    unseen = set(owner.words)
    for rule in rules(app, "GET"):
        if not rule.rule.startswith(ENDING):
            for browser in who:
                why = {"why": "asked"} if rule.rule.startswith("/admin/answers") else {}
                for address in owner.addresses(rule):
                    unseen -= set(words_in(owner, browser.get(address, query_string=why, inspect=False)))
    assert unseen <= {owner.marks.said("wish")}


def test_the_owner_is_shown_it_so_that_these_tests_can_fail(app, owner):
    found = {rule.rule for rule, address in asked(app, owner, "GET") if leaked(owner, address, owner.browser.get(address))}
    own = {"/account", "/account/addresses", "/account/orders", "/account/privacy/export", "/orders/<number>"}
    assert own <= found
    assert owner.browser.get(f"/orders/{owner.values['number'][0]}/invoice").status_code == 200
    assert MEDICINE in unescaped(owner.browser.get("/account/privacy/export"))


def test_nobody_else_reads_a_byte_of_it(app, owners, other):
    who, browser = other
    wrong = []
    for owner in owners if who != "the other client" else owners[:1]:
        for rule, address in asked(app, owner.beside(owners[1]), "GET"):
            answer = browser.get(address, inspect=False)
            wrong += [f"GET {address} as {who} shows {word!r}" for word in forbidden(rule, who, owner, address, answer)]
            hidden = rule.arguments & WORDS_OF_OWNERS and who not in named("GET", rule.rule)
            if hidden and who != "the other client" and answer.status_code not in CLOSED:
                wrong.append(f"GET {address} as {who}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_first_client_reads_nothing_of_the_second_either(app, owners):
    first, second = owners
    wrong = []
    for _rule, address in asked(app, second.beside(first), "GET"):
        answer = first.browser.get(address, inspect=False)
        wrong += [f"GET {address} shows {word!r}" for word in leaked(second, address, answer)]
    assert not wrong, "\n".join(wrong)


def test_what_only_the_other_client_s_own_address_opens_is_closed_to_a_client_who_owns_as_much(app, owners):
    first, second = owners
    wrong = []
    for rule, address in asked(app, first, "GET"):
        if rule.arguments & WORDS_OF_OWNERS and named("GET", rule.rule) != ["anybody"]:
            answer = second.browser.get(address, inspect=False)
            wrong += [f"GET {address}: {answer.status_code}"] if answer.status_code not in CLOSED else []
    assert not wrong, "\n".join(wrong)


def test_nobody_else_changes_a_row_of_it(app, owners, other):
    who, browser = other
    owner = owners[0]
    before, wrong = owner.rows(), []
    for rule, address in asked(app, owner.beside(owners[1]), "POST"):
        if rule.rule.startswith("/admin") and who in named("POST", rule.rule):
            continue  # their task
        answer = browser.post(address, data={"quantity": "7", "name": "Taken", "cause": "forged"}, inspect=False)
        wrong += [f"POST {address} as {who} shows {word!r}" for word in forbidden(rule, who, owner, address, answer)]
        if rule.rule.startswith("/admin") and answer.status_code not in CLOSED:
            wrong.append(f"POST {address} as {who}: {answer.status_code}")
    after = owner.rows()
    wrong += [f"{table} was changed as {who}" for table in before if before[table] != after[table]]
    assert not wrong, "\n".join(wrong)
    assert len(before) > 15


def test_what_staff_call_themselves_is_nothing_for_clients_and_strangers(app, client, owner):
    """The consultant's and the admin's own rows, sign-ins included, under their ids."""
    staff = [make_user(email=f"{role}.canary@clinic.example", name=f"Staff {role} canary", role=role) for role in STAFF]
    browsers = [browser_of(user, app=app) for user in staff]
    ids = {row for user in staff for row in (user.id, *sign_ins_of(user.id))}
    asking = replace(owner, values=owner.values | {"id": tuple(sorted(ids))})
    words = [word for user in staff for word in (user.email, user.name)]
    wrong = []
    for browser in (client, owner.browser):
        for rule in rules(app, "GET"):
            for address in asking.addresses(rule) if not rule.rule.startswith(ENDING) else ():
                text = unescaped(browser.get(address, inspect=False))
                wrong += [f"{address} shows {word!r}" for word in words if word in text]
    for number in ids:
        owner.browser.post(f"/account/sign-ins/{number}", inspect=False)
    assert not wrong, "\n".join(wrong)
    assert [browser.get("/admin").status_code for browser in browsers] == [200, 200]
    assert words[0] in browser_of_staff("owner", app).get("/admin/staff").text  # so that this test can fail


def test_the_owners_sign_in_is_ended_by_nobody_else(app, owner):
    theirs = db.session.query(SignIn).filter_by(user_id=owner.user_id).one()
    number = theirs.id
    browser_of_client(app).post(f"/account/sign-ins/{number}")
    assert owner.browser.get("/account").status_code == 200


def test_a_client_number_in_a_form_or_an_address_makes_nobody_somebody_else(app, owner):
    browser = browser_of_client(app)
    claims = {
        "client_id": owner.client_id,
        "user_id": owner.user_id,
        "client": owner.client_id,
        "email": "canarina@example.org",
    }
    for path in ("/account", "/account/orders", "/account/credits", "/account/visits", "/account/privacy/export", "/bag"):
        assert NAME not in browser.get(path, query_string=claims).text


def sign_ins_of(user_id: int) -> list[int]:
    return [row.id for row in db.session.query(SignIn).filter_by(user_id=user_id)]


def asked(app, owner, method: str):
    """Every address that could be about the owner; those that end a visit last."""
    found = sorted(rules(app, method), key=lambda rule: rule.rule.startswith(ENDING))
    return [(rule, address) for rule in found for address in owner.addresses(rule)]


def forbidden(rule: Rule, who: str, owner, address: str, answer: TestResponse) -> list[str]:
    """Words of the owner that this answer must not hold."""
    words = leaked(owner, address, answer)
    if not rule.rule.startswith("/admin") or who not in named(answer.request.method, rule.rule):
        return words
    return [word for word in words if word in owner.marks.health and who not in TREATING]


def leaked(owner, address: str, answer: TestResponse) -> list[str]:
    """Words of the owner in an answer that the one who asked did not bring along."""
    return [word for word in words_in(owner, answer) if word not in unquote(address)]


def words_in(owner, answer: TestResponse) -> list[str]:
    text = unescaped(answer) + str(answer.headers)
    return [word for word in owner.words if word in text]


def unescaped(answer: TestResponse) -> str:
    if answer.mimetype == "application/json":
        return json.dumps(answer.json, ensure_ascii=False)
    return unescape(answer.get_data().decode("utf-8", "replace"))
