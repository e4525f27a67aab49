"""What a guest bought moves to a person by a link or a confirmed e-mail, never by an equal address alone."""

import pytest

from shop.accounts.claiming import ask_to_claim, claim_address, claim_client, guests_at
from shop.accounts.models import Address, Client, User
from shop.core.db import db
from shop.core.errors import Conflict
from shop.core.history import history_of
from tests.accounts.ways import is_in, reread, sign_in
from tests.support.factories import make_address, make_client, make_user


@pytest.fixture
def ada(app):
    return make_client(user=make_user(email="ada@example.com"))


@pytest.fixture
def guest(app):
    return make_client(user=None, email="Ada@example.com")


def test_an_equal_address_alone_moves_nothing(client, ada, guest):
    sign_in(client, "ada@example.com")
    assert is_in(client)
    assert reread(guest).user_id is None
    assert reread(guest).erased_at is None


def test_the_mailed_link_moves_what_the_guest_has(client, ada, guest, mailbox):
    address = make_address(guest)
    ask_to_claim(ada.user)
    link = mailbox.last("ada@example.com").link("/confirm/")
    assert "Add them to my account" in client.get(link).text
    assert reread(address).client_id == guest.id
    assert client.post(link).status_code == 303
    assert reread(address).client_id == ada.id
    assert guests_at("ada@example.com") == []
    assert history_of(f"client:{guest.id}")[0].now == "claimed"


def test_the_mailed_link_works_once_and_for_a_day(clock, client, ada, guest, mailbox):
    ask_to_claim(ada.user)
    link = mailbox.last().link("/confirm/")
    clock.shift(86401)
    assert client.post(link).status_code == 410


def test_a_link_to_an_address_that_was_left_claims_nothing(client, ada, guest, mailbox):
    ask_to_claim(ada.user)
    link = mailbox.last().link("/confirm/")
    db.session.get_one(User, ada.user_id).email = "new@example.com"
    assert client.post(link).status_code == 422
    assert reread(guest).erased_at is None


def test_somebody_without_purchases_simply_becomes_the_guest(guest):
    user = make_user(email="someone@example.com")
    assert claim_client(guest.id, user=user, by="user:1").id == guest.id
    assert (reread(guest).user_id, guest.erased_at) == (user.id, None)


def test_a_guest_is_claimed_once(guest, ada):
    claim_client(guest.id, user=ada.user, by="user:1")
    with pytest.raises(Conflict):
        claim_client(guest.id, user=make_user(), by="user:2")


def test_claiming_ones_own_changes_nothing(ada):
    assert claim_client(ada.id, user=ada.user, by="user:1").id == ada.id
    assert reread(ada).erased_at is None


def test_another_persons_client_is_not_claimed(ada):
    with pytest.raises(Conflict):
        claim_client(ada.id, user=make_user(), by="user:2")
    assert reread(ada).user_id == ada.user_id


def test_an_unconfirmed_address_claims_nothing(guest):
    user = make_user(email="ada@example.com", confirmed_at=None)
    with pytest.raises(Conflict):
        claim_address(user, by="user:1")


def test_several_guests_of_one_address_become_one_person(ada, guest):
    second = make_client(user=None, email="ada@example.com")
    for one in (guest, second):
        make_address(one)
    assert claim_address(ada.user, by="user:1") == 2
    assert {row.client_id for row in db.session.query(Address)} == {ada.id}


def test_whatever_belongs_to_a_client_can_be_moved(app, ada, guest):
    """A ledger that names clients directly could not be claimed: it would have to name what belongs to them."""
    from shop.accounts.claiming import _pointing_at_clients
    from shop.core import append_only

    tables = {table.name for table, _ in _pointing_at_clients()}
    assert {"address", "orders", "credit"} <= tables
    assert not tables & set(append_only.TABLES)
    assert Client.__tablename__ not in tables
