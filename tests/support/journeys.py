"""How somebody buys, step by step, as a browser would: each step reads the page before it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.support.browsing import InspectingClient
from tests.support.forms import Form, forms
from tests.support.paying import StandIn

BUYER = {
    "email": "guest@example.com",
    "name": "Ada Guest",
    "line1": "1 Quiet Lane",
    "line2": "",
    "city": "London",
    "phone": "",
}
BUYER |= {"postcode": "N1 9GU", "country": "GB", "delivery": "ship", "for_me": "yes", "terms": "y", "adult": "y"}


def fill_bag(browser: InspectingClient, **line: Any) -> None:
    """`sku="…", quantity=2` or `package="…", addon=["led:6"]`."""
    answer = browser.post("/bag/lines", data=line)
    assert answer.status_code == 303, answer.text[:2000]


def checkout_form(browser: InspectingClient, **buyer: str) -> Form:
    """The form of the checkout page, filled in."""
    answer = browser.get("/checkout")
    assert answer.status_code == 200, answer.headers.get("Location")
    form = next(form for form in forms(answer.text, here="/checkout") if "email" in form.names)
    given = BUYER | buyer
    form.fields |= {name: value for name, value in given.items() if name in form.names}
    return form


def go_to_pay(browser: InspectingClient, **buyer: str) -> str:
    """Send the checkout; the address of Stripe's page."""
    form = checkout_form(browser, **buyer)
    answer = browser.post(form.action, data=form.fields)
    assert answer.status_code == 303, answer.text[:4000]
    address = answer.headers["Location"]
    assert urlsplit(address).netloc not in ("", "localhost"), f"sent to {address}, not to a page to pay on"
    return address


def come_back(browser: InspectingClient, address: str) -> TestResponse:
    """Return from Stripe's page and follow to where the shop leads."""
    answer = browser.get(address)
    while answer.status_code in (302, 303):
        answer = browser.get(answer.headers["Location"])
    return answer


def buy(browser: InspectingClient, standin: StandIn, *, buyer: dict[str, str] | None = None, **line: Any) -> str:
    """The whole way for one line; the order's number."""
    fill_bag(browser, **line)
    back = standin.pay(go_to_pay(browser, **(buyer or {})))
    thanks = come_back(browser, back)
    assert thanks.status_code == 200, thanks.text[:2000]
    return urlsplit(thanks.request.path).path.rsplit("/", 1)[1]
