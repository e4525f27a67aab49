"""What a visitor does, at the shop and at the yardstick; an answer that is not the right one ends the measurement."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from bench.catalogue import RARE_WORD
from bench.load import Act
from tests.support.visiting import Answer, Connection

BUYER = {
    "email": "guest@example.com",
    "name": "Ada Guest",
    "line1": "1 Quiet Lane",
    "line2": "",
    "city": "London",
    "phone": "",
}
BUYER |= {"postcode": "N1 9GU", "country": "GB", "delivery": "ship", "terms": "y", "adult": "y", "for_me": "yes"}


def shop_acts(*, products: int) -> dict[str, Act]:
    """By name: list, product, search, add, purchase."""
    return {
        "list": _get(lambda n: "/products"),
        "product": _get(lambda n: f"/products/product-{_nth(n, products)}"),
        "search": _get(lambda n: f"/search?q={RARE_WORD.lower()}"),
        "add": lambda visitor, n: _add(visitor, _nth(n, products)),
        "purchase": lambda visitor, n: _purchase(visitor, _nth(n, products)),
    }


def bare_acts(*, products: int) -> dict[str, Act]:
    return {
        "list": _get(lambda n: "/list"),
        "product": _get(lambda n: f"/product/product-{_nth(n, products)}"),
        "search": _get(lambda n: f"/search?q={RARE_WORD.lower()}"),
        "add": lambda visitor, n: _bare_add(visitor, _nth(n, products)),
        "purchase": lambda visitor, n: _bare_purchase(visitor, _nth(n, products)),
    }


def _nth(n: int, products: int) -> int:
    """Visitors go all over the catalogue, each another way."""
    return n * 7919 % products + 1


def _get(address: Callable[[int], str]) -> Act:
    def act(visitor: Connection, n: int) -> int:
        visitor.cookies.clear()  # nobody we know
        _expect(visitor.get(address(n)), 200)
        return 1

    return act


def _add(visitor: Connection, product: int) -> int:
    """One POST of a visitor who has the page and its token already."""
    asked = 0
    if "add" not in visitor.kept:
        visitor.kept["add"] = _expect(visitor.get(f"/products/product-{product}"), 200).token
        asked = 1
    form = {"sku": f"AG-{product:06}", "quantity": "1", "csrf_token": visitor.kept["add"]}
    _expect(visitor.post("/bag/lines", form), 303)
    if visitor.adds > 20:  # a bag of a person, not of a machine
        visitor.start_anew()
    visitor.adds += 1
    return asked + 1


def _purchase(visitor: Connection, product: int) -> int:
    """A guest buys one thing: product page, bag, checkout, Stripe's page, the way back, the order's page."""
    visitor.start_anew()
    page = _expect(visitor.get(f"/products/product-{product}"), 200)
    _expect(visitor.post("/bag/lines", {"sku": f"AG-{product:06}", "quantity": "1", "csrf_token": page.token}), 303)
    page = _expect(visitor.get("/checkout"), 200)
    total = re.search(rb'name="total"[^>]*value="(\d+)"', page.body)
    form = BUYER | {"csrf_token": page.token} | ({"total": total[1].decode()} if total else {})
    paying = _expect(visitor.post("/checkout", form), 303)
    back = urlsplit(paying.headers["location"]).query.removeprefix("back=")
    done = _expect(visitor.get(f"/checkout/return?session_id={back}"), 200, 302, 303)
    if done.status != 200:
        _expect(visitor.get(urlsplit(done.headers["location"]).path), 200)
    return 6


def _bare_add(visitor: Connection, product: int) -> int:
    _expect(visitor.post("/bag", {"sku": f"AG-{product:06}", "quantity": "1"}), 303)
    return 1


def _bare_purchase(visitor: Connection, product: int) -> int:
    """The same in three requests: look, buy (with Stripe asked for a page), come back (with Stripe asked what was paid)."""
    visitor.start_anew()
    _expect(visitor.get(f"/product/product-{product}"), 200)
    paying = _expect(visitor.post("/buy", {"slug": f"product-{product}"} | BUYER), 303)
    page = urlsplit(paying.headers["location"]).query.removeprefix("back=")
    _expect(visitor.get(f"/back?page={page}"), 200)
    return 3


def _expect(answer: Answer, *statuses: int) -> Answer:
    if answer.status not in statuses:
        raise RuntimeError(f"{answer.status} instead of {statuses}: {answer.body[:300]!r}")
    return answer
