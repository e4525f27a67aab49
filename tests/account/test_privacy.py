"""One's own data: taken along whole, and erased but for what the law keeps."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from shop.account.exporting import NOT_EXPORTED, exported
from shop.accounts.models import Address, Client
from shop.core import clock
from shop.core.db import Base, db
from shop.intake.models import Screening
from shop.orders.models import Order
from tests.account.things import make_order, make_screening, make_series, make_visit
from tests.accounts.ways import is_in, reread, sign_in
from tests.support.factories import PASSWORD, make_address, make_client

NAMES = {"client", "user_account", "orders", "credit", "bag"}


def erase(browser, current=PASSWORD):
    return browser.post("/account/privacy/erase", data={"current": current})


def test_the_file_holds_what_is_ones_own_and_nothing_of_anybody_else(as_client):
    make_address(as_client.person, line1="3 Quiet Harbour")
    mine, credit = make_order(as_client.person), make_series(as_client.person)
    other = make_client(name="Somebody Else")
    make_address(other, line1="9 Other Street")
    theirs = make_order(other)
    answer = as_client.get("/account/privacy/export")
    data = json.loads(answer.data)
    assert answer.headers["Cache-Control"] == "no-store"
    assert [row["line1"] for row in data["address"]] == ["3 Quiet Harbour"]
    assert [row["number"] for row in data["orders"]] == [mine.number]
    assert [row["code"] for row in data["credit"]] == [credit.code]
    assert len(data["credit_move"]) == len(data["order_line"]) == 1
    assert "Somebody Else" not in answer.text
    assert theirs.number not in answer.text


def test_the_file_holds_nothing_that_opens_a_door(as_client):
    raw = as_client.get("/account/privacy/export").text
    assert "argon2" not in raw
    for secret in ("token_hash", "password_hash", "totp_secret", "code_hash"):
        assert secret not in raw


def test_every_table_that_names_a_person_is_handed_out_or_left_out_for_a_reason(app):
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname.split(".")[0] in NAMES
    }
    handed_out = {model.__tablename__ for model, _ in exported(1, 1)}
    assert naming - handed_out == set(NOT_EXPORTED)


def test_the_file_costs_the_same_however_much_there_is(as_client, statements):
    make_order(as_client.person)
    as_client.get("/account/privacy/export")
    with statements() as few:
        as_client.get("/account/privacy/export")
    for _ in range(8):
        make_order(as_client.person, lines=3)
        make_series(as_client.person)
    with statements() as many:
        as_client.get("/account/privacy/export")
    assert len(few) == len(many)


def test_erasing_leaves_no_trace_of_the_person_but_keeps_the_order(as_client, mailbox):
    person, user = as_client.person, as_client.user
    person.name = user.name = "Canaria Quill"
    user.email = person.email = "canary@example.com"
    make_address(person, line1="77 Canary Wharf Row")
    order = make_order(person, name="Canaria Quill", address={"line1": "77 Canary Wharf Row"})
    as_client.post("/account/details/email", data={"email": "canary2@example.com", "current": PASSWORD})
    assert erase(as_client).headers["Location"] == "/"
    assert not is_in(as_client)
    assert db.session.scalars(select(Order.number)).all() == [order.number]
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(text(f'select * from "{table.name}"')).all()
        found = [row for row in rows if "canar" in str(tuple(row)).lower()]
        assert not found, f"{table.name}: {found}"


def test_answers_to_health_questions_are_handed_out_readable_and_erased(as_client):
    make_screening(as_client.person, {"pregnant": "canary answer"})
    assert "canary answer" in as_client.get("/account/privacy/export").text
    erase(as_client)
    assert db.session.scalars(select(Screening.id)).all() == []


def test_nobody_signs_in_with_an_erased_account(as_client, app):
    email = as_client.user.email
    erase(as_client)
    assert sign_in(app.test_client(), email).status_code == 422


def test_the_address_may_register_again(as_client, app, mailbox):
    email = as_client.user.email
    erase(as_client)
    again = app.test_client()
    again.post("/register", data={"name": "Again", "email": email, "password": "four loud lighthouses"})
    assert again.post(mailbox.last(email).link("/confirm/")).status_code == 303


def test_without_the_password_nothing_is_erased(as_client):
    make_address(as_client.person)
    assert erase(as_client, "wrong").status_code == 422
    assert reread(as_client.person).erased_at is None
    assert db.session.scalars(select(Address)).all()


@pytest.mark.parametrize(
    "arrange",
    [
        make_series,
        lambda person: make_order(person, fulfilment="open"),
        lambda person: make_order(person, state="open"),
        lambda person: make_visit(person, starts_at=clock.now() + timedelta(days=3)),
    ],
    ids=["sessions left", "on its way", "unpaid", "an appointment"],
)
def test_what_is_still_open_is_settled_first(as_client, arrange):
    arrange(as_client.person)
    assert "Not yet" in as_client.get("/account/privacy").text
    assert erase(as_client).status_code == 422
    assert reread(as_client.person).erased_at is None


def test_staff_are_not_erased_by_themselves(as_admin):
    assert erase(as_admin).status_code == 422
    assert reread(as_admin.user).disabled_at is None


def test_erasing_needs_a_token_of_the_page(as_client):
    assert as_client.post("/account/privacy/erase", data={"current": PASSWORD}, csrf=False).status_code == 400
    assert db.session.scalars(select(Client.erased_at)).all() == [None]
