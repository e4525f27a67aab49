"""Whatever is typed, pasted or forged into a form or an address gets a page with a sentence or a 4xx, never a 5xx."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.bag.making_codes import FACTS, make_code
from shop.core.db import db
from shop.imports import running
from shop.inventory.scanning import open_sheet, scan
from tests.support import sources
from tests.support.browsing import InspectingClient
from tests.support.factories import make_variant
from tests.support.forms import Form, forms
from tests.support.people import browser_of_staff
from tests.support.world import make_world, rules
from tests.trust.owner import make_owner

PARAMETERS = (
    "q",
    "concern",
    "brand",
    "step",
    "active",
    "free_from",
    "price_max",
    "in_stock",
    "sort",
    "after",
    "next",
    "page",
)
PARAMETERS += ("session_id", "state", "kind", "from", "to", "number", "email")
READ = re.compile(r"""args\.(?:get|getlist)\(\s*["'](\w+)["']""")
PARAMETERS = tuple(sorted({*PARAMETERS, *(name for source in sources.shop() for name in READ.findall(source.text))}))
# No page of ours holds one of these, and XML-minded readers choke on them.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NASTY = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e9",
    "999999999999999999999",
    "NaN",
    "\x00",
    "a\x00b",
    "é" * 300,
    "A" * 5000,
    "'; --",
    "%",
    "_",
]
NASTY += [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "../../etc/passwd",
    "=1+1",
    "\r\nX: y",
    "٣",
    "１２",
    "\u202e",
    "😀",
    "null",
    "[]",
    "a=b&c=d",
    '"',
]
NASTY += [
    "2026-02-30",
    "//evil.example",
    "/\\evil.example",
    "AND",
    "NEAR(",
    '"unclosed',
    "*",
    "a*",
    "name:x",
    "- -",
    "(",
    "OR OR",
]
text = st.one_of(st.sampled_from(NASTY), st.text(max_size=40), st.integers().map(str))
# These end the visit of whoever asks.
ENDING = ("/logout", "/account/sign-ins", "/account/privacy/erase", "/account/details/password")
WHO = ("nobody", "client", "admin", "medical-lead")
EXAMPLES = int(os.environ.get("SHOP_TEST_EXAMPLES", "15"))
fuzzing = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
QUIET = {**dict.fromkeys(FACTS), "percent": "10", "note": "", "least_minor": 0}
QUIET |= {name: [] for name in ("kinds", "concerns", "brands", "packages")}
TABLE = b"sku,name,price\nA-1,Cream,10.00\nA-2,,x\n"


@pytest.fixture
def world(app):
    """A clinic whose desks have something open."""
    world = make_world()
    make_desks()
    return world


@pytest.fixture
def owner(app, world):
    """A client who owns one of everything."""
    return make_owner(app)


@pytest.fixture
def addresses(app, world, owner) -> list[str]:
    """What each page answers to: one that is there where there is one, and one that is not."""
    found = [address for rule in rules(app, "GET") for address in (world.address(rule), *owner.addresses(rule, links=True))]
    return sorted(set(found))


@pytest.fixture(params=WHO)
def browser(request, app, client, owner) -> InspectingClient:
    if request.param == "nobody":
        return client
    return owner.browser if request.param == "client" else browser_of_staff(request.param, app)


def make_desks() -> None:
    """A delivery, a count, a file on its way in, a code."""
    variant = make_variant(stock=3)
    for kind in ("delivery", "count"):
        scan(
            open_sheet(kind, reference="", cause=kind, by="user:1", scope=[variant.id]),
            variant.sku,
            units=1,
            cause=kind,
            by="user:1",
        )
    running.take_in("list.csv", TABLE, cause="fuzz", by="user:1")
    make_code(
        "QUIET-10",
        QUIET,
        by="user:1",
    )
    db.session.commit()


@pytest.mark.slow
def test_no_parameter_of_any_page_breaks_it(browser, addresses):
    @fuzzing
    @given(st.sampled_from(addresses), st.dictionaries(st.sampled_from(PARAMETERS), text, min_size=1, max_size=4))
    def ask(address, query):
        whole(browser.get(address, query_string=query, inspect=False), address, query)

    for _ in range(len(addresses) // 8 + 1):
        ask()


@pytest.mark.slow
def test_no_word_in_an_address_breaks_a_page(app, browser):
    shapes = [rule for rule in rules(app, "GET") if rule.arguments]

    @fuzzing
    @given(st.sampled_from(shapes), text)
    def ask(rule, word):
        path = "".join(part if not is_argument else quote(word) for is_argument, part in rule._trace)
        whole(browser.get("/" + path.lstrip("|/"), inspect=False), rule.rule, word)

    for _ in range(len(shapes) // 20 + 1):
        ask()


@pytest.mark.slow
def test_no_content_of_any_form_breaks_the_shop(browser, addresses):
    found = every_form(addresses, browser)
    assert found

    @fuzzing
    @given(st.data())
    def send(data):
        form = data.draw(st.sampled_from(found))
        changed = data.draw(st.dictionaries(st.sampled_from(sorted(form.names)), text, min_size=1, max_size=4))
        ask = browser.post if form.method == "post" else browser.get
        sent = {"data" if form.method == "post" else "query_string": {**form.fields, **changed}}
        whole(ask(form.action, inspect=False, **sent), form.action, changed)

    for _ in range(len(found) // 4 + 1):
        send()


@pytest.mark.slow
def test_nothing_posted_anywhere_breaks_the_shop(app, browser, owner, addresses):
    """Fields of other forms too: whoever forges a request does not keep to the page."""
    names = sorted({name for form in every_form(addresses, browser) for name in form.names})
    doors = [rule for rule in rules(app, "POST") if not rule.rule.startswith(ENDING)]

    @fuzzing
    @given(st.data())
    def send(data):
        rule = data.draw(st.sampled_from(doors))
        address = data.draw(st.sampled_from(list(owner.addresses(rule, links=True))))
        fields = data.draw(st.dictionaries(st.sampled_from(names), text, max_size=8))
        whole(browser.post(address, data=fields, inspect=False), address, fields)

    for _ in range(len(doors) // 8 + 1):
        send()


def whole(answer, *asked) -> None:
    """Neither broken nor with control characters in its text."""
    assert answer.status_code < 500, asked
    assert answer.mimetype != "text/html" or not CONTROL.search(answer.get_data()), asked


def every_form(addresses: list[str], browser) -> list[Form]:
    """Each different form of each page this person may see; the same form of another row is another form."""
    seen: dict[tuple[str, frozenset[str]], Form] = {}
    for address in addresses:
        answer = browser.get(address, inspect=False)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms(answer.get_data(as_text=True), here=address):
                if form.names and form.action.startswith("/") and not form.action.startswith(ENDING):
                    seen.setdefault((form.action, frozenset(form.names)), form)
    return list(seen.values())
