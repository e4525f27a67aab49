"""Whatever somebody stored about themselves is shown to others as text, on pages, in e-mails and in tables for spreadsheets."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from sqlalchemy import update

from shop.accounts.models import Address, Client, User
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.history import record
from shop.core.texts import html
from shop.orders.models import Order, OrderLine
from tests.support.factories import make_client
from tests.support.forms import forms
from tests.support.people import browser_of_client, browser_of_staff
from tests.support.world import make_world, rules
from tests.trust.owner import make_owner

ATTACK = """x"'><img src=q onerror=alert(1)><script>alert(2)</script>{{7*7}}</title><!--"""
RAW = ("<img src=q", "<script>alert(2)", "onerror=alert(1)>", "</title><!--")

pytestmark = pytest.mark.sqlite


@pytest.fixture
def attacked(app):
    """A client whose every own word is an attack, and what the desk wrote about them as well."""
    make_world()
    owner = make_owner(app)
    own = {"email": f"{owner.client_id}@example.org"}
    db.session.execute(update(Client).where(Client.id == owner.client_id).values(name=ATTACK, phone=ATTACK))
    db.session.execute(update(User).where(User.id == owner.user_id).values(name=ATTACK))
    db.session.execute(
        update(Address).where(Address.client_id == owner.client_id).values(name=ATTACK, line1=ATTACK, city=ATTACK)
    )
    place = {"line1": ATTACK, "line2": ATTACK, "city": ATTACK, "postcode": "N1 9GU", "country": "GB"}
    mine = Order.client_id == owner.client_id
    db.session.execute(update(Order).where(mine).values(name=ATTACK, phone=ATTACK, address=place, email=own["email"]))
    db.session.execute(update(OrderLine).values(name=ATTACK, statement_name=ATTACK))
    record("order:AG-CANARY1", axis="note", was=None, now=None, by=ATTACK, note=ATTACK)
    raise_entry(ATTACK, subject=ATTACK, reason=ATTACK, what_to_do=ATTACK, key="attack")
    db.session.commit()
    return owner


@pytest.mark.parametrize("role", ["admin", "consultant", "stock", "desk"])
def test_no_desk_runs_what_a_client_wrote(app, attacked, role):
    browser, shown = browser_of_staff(role, app), 0
    for rule in rules(app, "GET"):
        if not rule.rule.startswith("/admin"):
            continue
        for address in attacked.addresses(rule):
            answer = browser.get(address)
            if answer.mimetype == "text/html":
                assert not [raw for raw in RAW if raw in answer.text], address
                shown += "&lt;script&gt;alert(2)" in answer.text
    assert shown >= (3 if role == "admin" else 0)


def test_no_page_of_their_own_runs_it_either(app, attacked):
    shown = 0
    for rule in rules(app, "GET"):
        for address in attacked.addresses(rule):
            if rule.rule.startswith(("/account", "/orders", "/bag", "/checkout")):
                answer = attacked.browser.get(address)
                if answer.mimetype == "text/html":
                    assert not [raw for raw in RAW if raw in answer.text], address
                    shown += "&lt;script&gt;alert(2)" in answer.text
    assert shown >= 3


@pytest.mark.parametrize("who", ["nobody", "client"])
def test_no_address_is_repeated_as_anything_but_text(app, client, who):
    world, browser = make_world(), client if who == "nobody" else browser_of_client(app)
    for rule in rules(app, "GET"):
        asked = dict.fromkeys(("q", "after", "sort", "concern", "next", "state", "sku", "treatment", "email"), ATTACK)
        answer = browser.get(world.address(rule), query_string=asked)
        if answer.mimetype == "text/html":
            assert not [raw for raw in RAW if raw in answer.text], rule.rule


def test_what_was_typed_comes_back_as_text(client):
    make_world()
    for path in ("/register", "/login", "/reset", "/consultation"):
        for form in forms(client.get(path).text, here=path):
            if form.method == "post" and form.names:
                typed = form.fields | dict.fromkeys(form.names - {"csrf_token"}, ATTACK)
                answer = client.post(form.action, data=typed)
                assert not [raw for raw in RAW if raw in answer.text], form.action


def test_an_e_mail_shows_a_name_as_text(client, mailbox):
    make_client(name=ATTACK, email="ada@example.org")
    client.post("/register", data={"name": ATTACK[:110], "email": "new@example.org", "password": "three quiet harbours"})
    client.post("/reset", data={"email": "ada@example.org"})
    mails = list(mailbox)
    assert mails
    assert not [raw for mail in mails for raw in RAW if raw in mail.html]
    assert not [mail for mail in mails if "\n" in mail.subject]


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "<iframe src=//evil.example></iframe>",
        '<a href="x" onclick="y">z</a>',
        "<svg><script>x</script></svg>",
        "<style>p{}</style>",
    ],
)
def test_the_staffs_own_markdown_is_cleaned(markdown):
    read = Read()
    read.feed(html(markdown))
    assert not read.harmful


class Read(HTMLParser):
    """Elements and attributes that could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.harmful: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "iframe", "object", "embed", "svg", "form", "base", "meta", "link"):
            self.harmful.append(tag)
        for name, value in attrs:
            if (
                name.startswith("on")
                or name == "style"
                or (value or "").strip().lower().startswith(("javascript:", "data:"))
            ):
                self.harmful.append(f"{tag} {name}={value}")
