"""Where parcels go."""

import pytest
from sqlalchemy import select

from shop.accounts.models import Address, Client
from shop.core.db import db
from tests.support.factories import make_address, make_client

HOME = {"name": "Ada Moor", "line1": "12 Linden Row", "city": "London", "postcode": "w1g0ab", "country": "GB"}


def rows():
    db.session.expire_all()
    return list(db.session.scalars(select(Address).order_by(Address.id)))


def test_the_first_address_is_the_usual_one_and_tidied(as_client):
    assert as_client.post("/account/addresses", data=HOME).status_code == 303
    (address,) = rows()
    assert (address.client_id, address.postcode, address.is_default) == (as_client.person.id, "W1G 0AB", True)
    assert "Your usual address" in as_client.get("/account/addresses").text


def test_another_one_can_become_the_usual_one(as_client):
    first, second = make_address(as_client.person, is_default=True), make_address(as_client.person)
    as_client.post(f"/account/addresses/{second.id}/default")
    assert [address.is_default for address in rows()] == [False, True]
    assert first.id != second.id


def test_an_address_can_be_changed_and_removed(as_client):
    address = make_address(as_client.person)
    assert "12 Linden Row" in as_client.get(f"/account/addresses/{address.id}").text
    as_client.post(f"/account/addresses/{address.id}", data=HOME | {"line1": "3 Quiet Harbour"})
    assert rows()[0].line1 == "3 Quiet Harbour"
    as_client.post(f"/account/addresses/{address.id}/remove")
    assert rows() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"postcode": "12345"}, "is not a postcode of the United Kingdom"),
        ({"line1": ""}, "street and the house number"),
        ({"city": " "}, "town or city"),
        ({"country": "US"}, "do not deliver to"),
        ({"name": ""}, "name is on the door"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(as_client, given, sentence):
    answer = as_client.post("/account/addresses", data=HOME | given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert rows() == []


@pytest.mark.parametrize("act", ["", "/default", "/remove"])
def test_another_persons_address_is_not_there(as_client, act):
    other = make_address(make_client())
    assert as_client.get(f"/account/addresses/{other.id}").status_code == 404
    assert as_client.post(f"/account/addresses/{other.id}{act}", data=HOME).status_code == 404
    assert rows()[0].line1 == "12 Linden Row"
    assert len(rows()) == 1


def test_nobody_keeps_more_than_twenty(as_client):
    for _ in range(20):
        make_address(as_client.person)
    assert as_client.post("/account/addresses", data=HOME).status_code == 422
    assert len(rows()) == 20


def test_an_address_cannot_be_given_to_another_person(as_client):
    other = make_client()
    as_client.post("/account/addresses", data=HOME | {"client_id": other.id, "is_default": "1", "id": 99})
    assert rows()[0].client_id == as_client.person.id


def test_somebody_without_a_file_gets_one(as_admin):
    as_admin.post("/account/addresses", data=HOME)
    assert db.session.scalars(select(Client.user_id)).all() == [as_admin.user.id]
