"""A page asks the database as often for ten thousand rows as for ten: every list, public and at the desks."""

from __future__ import annotations

import re

import pytest

from bench.catalogue import fill_this_shop
from shop.catalog import indexing
from shop.core.db import db
from tests.guards.test_bad_input import make_desks
from tests.support.people import browser_of_staff
from tests.support.world import make_world, rules
from tests.trust.owner import Marks, make_owner

LISTS = [
    "/",
    "/concerns",
    "/concerns/concern-1",
    "/treatments/treatment",
    "/packages/treatment-6",
    "/products",
    "/products?sort=price",
    "/products?sort=-price",
    "/products?sort=newest",
    "/products?sort=name",
    "/products?concern=concern-1&step=treat",
    "/products?active=niacinamide&in_stock=1",
    "/products?free_from=retinoid&price_max=60",
    "/products?brand=brand-1",
    "/products?q=serum",
    "/products?q=serum&concern=concern-2",
    "/search?q=serum",
    "/search?q=zephyrine",
    "/search?q=serun",
    "/brands/brand-1",
    "/products/product-7",
    "/guide",
    "/ask",
    "/consultation",
    "/sitemap.xml",
]
DESKS = ["/admin/products", "/admin/products?q=serum", "/admin/stock", "/admin/stock?q=serum", "/admin/packages"]
CATALOGUES = (10, 10_000)


@pytest.mark.slow
def test_lists_of_products_ask_as_often_for_ten_thousand_as_for_ten(app, database, statements):
    found = []
    for products in CATALOGUES:
        database.refresh(app)
        indexing.forget(*indexing.KEPT)
        fill_this_shop(products=products)
        visitor, admin = app.test_client(), browser_of_staff("admin", app)
        pages = [(visitor, address) for address in LISTS] + [(admin, address) for address in DESKS]
        found.append({address: asked(browser, address, statements) for browser, address in pages})
    few, many = found
    wrong = {address: (few[address], many[address]) for address in few if many[address] > few[address]}
    assert wrong == {}


@pytest.mark.slow
def test_a_page_further_on_asks_as_often_as_the_first(app, client, statements):
    fill_this_shop(products=1000)
    costs, address = [], "/products?sort=price"
    for _ in range(6):
        costs.append(asked(client, address, statements))
        after = re.search(r'href="(/products\?[^"]*after=[^"]+)"', client.get(address).text)
        assert after is not None
        address = after[1].replace("&amp;", "&")
    assert len(set(costs)) == 1, costs


@pytest.mark.parametrize("role", ["owner", "medical-lead", "desk", "stock"])
def test_every_list_at_the_desks_asks_as_often_for_many_clients_as_for_two(app, role, statements):
    """Each client has orders, visits, sessions, answers, a case, an entry on the attention list and all the rest."""
    make_world()
    make_desks()
    browser = browser_of_staff(role, app)
    lists = [rule.rule for rule in rules(app, "GET") if not rule.arguments and rule.rule.startswith("/admin")]
    lists = [address for address in lists if not address.endswith(".csv") and browser.get(address).status_code == 200]
    assert len(lists) > 3
    found = []
    for first, last in ((0, 2), (2, 9)):
        for n in range(first, last):
            make_owner(app, marks(n))
        found.append({address: asked(browser, address, statements) for address in lists})
    few, many = found
    assert {address: (few[address], many[address]) for address in lists if few[address] != many[address]} == {}


def asked(browser, address, statements) -> int:
    """How many statements a page takes once what is kept is kept."""
    first = browser.get(address)
    assert first.status_code == 200, address
    with statements() as count:
        browser.get(address)
    db.session.rollback()
    return len(count)


def marks(n: int) -> Marks:
    return Marks(f"bird{n}", f"Bird Number {n}", f"Perch {n}", f"bird{n}@example.org", f"020 7946 0{n:03}", f"Friend {n}")
