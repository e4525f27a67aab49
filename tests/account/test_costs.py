"""The pages of the account cost the same with one row and with many, and no browser keeps them."""

import pytest

from tests.account.things import make_order, make_series
from tests.support.factories import make_address, make_client

PAGES = ["", "/orders", "/credits", "/addresses", "/sign-ins", "/details", "/privacy"]


def fill(person, times):
    for _ in range(times):
        make_series(person, addons=2)
        make_order(person, lines=2)
        make_address(person)
        make_client(user=None, email=person.email)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_with_one_row_and_with_many(as_client, statements, page):
    fill(as_client.person, 1)
    as_client.get("/account" + page)
    with statements() as few:
        assert as_client.get("/account" + page).status_code == 200
    fill(as_client.person, 9)
    with statements() as many:
        as_client.get("/account" + page)
    assert len(few) == len(many), f"{few}\n{many}"
    # The papers of one's own data lie with many packages: each is asked once.
    assert len(many) <= (16 if page == "/privacy" else 8)


@pytest.mark.parametrize("page", [*PAGES, "/privacy/export"])
def test_no_browser_keeps_a_page_of_the_account(as_client, client, page):
    assert as_client.get("/account" + page).headers["Cache-Control"] == "no-store"
    answer = client.get("/account" + page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next=/account{page}")


def test_after_signing_out_the_account_is_closed(as_client):
    as_client.post("/logout")
    assert as_client.get("/account").status_code == 303
