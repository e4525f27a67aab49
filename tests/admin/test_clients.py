"""The client desk: found by what is said on the telephone, with orders and what is left."""

import pytest

from shop.admin.clients.finding import find_clients
from shop.core import clock
from shop.core.db import db
from shop.core.history import history_of
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.support.factories import make_client, make_package
from tests.support.journeys import buy


def found(q):
    return [client.id for client, _ in find_clients(q).rows]


def test_a_client_is_found_by_what_a_person_says(app):
    ada = make_client(name="Ada O'Hara", email="ada@example.com", phone="020 7946 0112")
    make_client(name="Somebody Else", phone="0161 496 0000")
    order = make_order(client_id=ada.id)
    for q in (
        "o'hara",
        "ADA@example",
        "79460112",
        "020-7946 0112",
        "+44 20 7946 0112",
        order.number.lower(),
        order.number[3:],
    ):
        assert found(q) == [ada.id], q
    assert found("zzz") == []


def test_signs_with_a_meaning_in_sql_are_plain_text(app):
    make_client(name="Ada")
    assert found("%") == []
    assert found("_da") == []


def test_an_erased_person_is_not_found(as_admin):
    gone = make_client(name="Gone", erased_at=clock.now())
    assert found("gone") == []
    assert as_admin.get(f"/admin/clients/{gone.id}").status_code == 404


def test_the_page_shows_orders_and_what_is_left(as_role, as_client, standin):
    number = buy(as_client, standin, package=make_package(sessions=6, name="Six calm sessions").slug)
    page = as_role("desk").get(f"/admin/clients/{as_client.person.id}").text
    assert number in page
    assert "Six calm sessions" in page


def test_details_are_put_right_without_a_copy_in_the_trail(as_admin):
    ada = make_client(name="Ada Ohara")
    path = f"/admin/clients/{ada.id}"
    assert as_admin.post(path, data={"name": "Ada O'Hara", "phone": "020 7946 0112"}).status_code == 303
    assert (ada.name, ada.phone) == ("Ada O'Hara", "020 7946 0112")
    row = history_of(f"client:{ada.id}")[-1]
    assert row.now == "name, phone"
    assert row.details is None


@pytest.mark.parametrize("typed", [{"name": ""}, {"phone": "call me"}, {"phone": "1" * 60}])
def test_details_that_cannot_be_are_refused(as_admin, typed):
    ada = make_client(name="Ada")
    assert as_admin.post(f"/admin/clients/{ada.id}", data={"name": "Ada", "phone": ""} | typed).status_code == 422
    assert ada.name == "Ada"


def test_more_than_a_name_and_a_number_cannot_be_set(as_admin):
    ada = make_client()
    email, user_id = ada.email, ada.user_id
    sent = {"name": "Ada", "phone": "", "email": "evil@example.com", "user_id": "1", "erased_at": "2026-01-01"}
    as_admin.post(f"/admin/clients/{ada.id}", data=sent)
    assert (ada.email, ada.user_id, ada.erased_at) == (email, user_id, None)


def test_an_equal_address_is_told_and_joins_nobody(as_admin):
    ada = make_client(email="ada@example.com")
    make_client(user=None, email="ADA@example.com")
    assert "one more file under the same e-mail address" in as_admin.get(f"/admin/clients/{ada.id}").text


def test_the_list_costs_the_same_for_two_clients_and_for_thirty(as_admin, statements):
    shelf = make_shelf(60)
    for _ in range(2):
        make_order(stock=shelf, client_id=make_client().id)
    as_admin.get("/admin/clients")
    with statements() as few:
        as_admin.get("/admin/clients")
    for _ in range(28):
        make_order(stock=shelf, client_id=make_client().id)
    with statements() as many:
        page = as_admin.get("/admin/clients")
    assert page.text.count("data-row") == 30
    assert len(many) == len(few), many


def test_the_stock_keeper_sees_no_clients(as_role):
    ada = make_client()
    db.session.commit()
    assert as_role("stock").get(f"/admin/clients/{ada.id}").status_code == 403
