"""Sessions from the first appointment to the money back: as a client on a phone, and at the desk by touch and with a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shop import create_app
from tests.e2e import acting, visiting

CONCERN = "hydration"
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
DESK = "consultant@example.com"
ADMIN = "admin@example.com"


@pytest.fixture(scope="session")
def books(live):
    """The shop's books, opened beside the running server."""
    return create_app(live.config)


@pytest.fixture
def met(accessible, shot):
    """`met(page, "what")` is said of every page of a journey: axe looks at it, and a picture is kept."""

    def look(page, name, *, javascript):
        shot(page, f"visits-{name}{'' if javascript else '-plain'}")
        if javascript:  # axe is a script itself; without them the page is the same
            accessible(page)

    return look


@SCRIPTS
def test_a_client_books_moves_cancels_and_gets_the_money_back(live, visit, books, met, javascript):
    page = visit(width=390, javascript=javascript)
    acting.sign_in(page, live, visiting.client_of(books, live))
    order = visiting.buy_series(page, CONCERN)
    paid = acting.pounds(page.locator(".sums .sum dd").first.text_content())
    met(page, "order", javascript=javascript)

    _client_books(page, met, javascript=javascript)
    met(page, "one", javascript=javascript)
    page.goto("/account/credits")
    expect(page.locator("main")).to_contain_text("1 booked")
    met(page, "credits", javascript=javascript)

    page.goto("/account/visits")
    met(page, "list", javascript=javascript)
    page.locator("main a[href$='/move']").click()
    page.wait_for_url("**/move*")
    met(page, "move", javascript=javascript)
    page.locator(".visit-times").last.locator("a").first.click()
    page.wait_for_url("**at=**")
    met(page, "move-confirm", javascript=javascript)
    _tick_request(page)
    page.locator("form.visit-card button[type=submit]").click()
    page.wait_for_url(re.compile(r"/account/visits/[\w-]+$"))

    page.locator("main a[href$='/cancel']").click()
    page.wait_for_url("**/cancel")
    met(page, "cancel", javascript=javascript)
    page.locator("form.visit-card button[type=submit]").click()
    page.wait_for_url(re.compile(r"/account/visits(/[\w-]+)?$"))
    page.goto("/account/visits")
    expect(page.locator("main")).to_contain_text("No appointment ahead")

    page.goto(f"/orders/{order}")
    page.locator(f"main a[href='/orders/{order}/withdraw']").click()
    page.wait_for_url("**/withdraw")
    met(page, "withdraw", javascript=javascript)
    assert acting.pounds(page.locator(".summary .sum dd").text_content()) == paid
    page.locator(".summary form button[type=submit]").click()
    page.wait_for_url(re.compile(f"/orders/{order}/(withdraw|receipt|withdrawn)"))
    expect(page.locator("h1")).to_contain_text("You called off")
    assert acting.pounds(page.locator(".receipt .sum dd").text_content()) == paid
    met(page, "receipt", javascript=javascript)
    page.goto("/account/credits")
    expect(page.locator("main")).not_to_contain_text("left of")
    met(page, "credits-after", javascript=javascript)


@SCRIPTS
@pytest.mark.parametrize("width", [820, 1440])
def test_the_desk_books_redeems_records_and_calls_off(live, visit, staff, books, met, width, javascript):
    email = visiting.client_of(books, live)
    owner = visit(width=390, javascript=javascript)
    acting.sign_in(owner, live, email)
    order = visiting.buy_series(owner, CONCERN)

    page = visit(width=width, javascript=javascript, signed_in=staff(DESK))
    page.goto("/admin/visits")
    met(page, "desk-day", javascript=javascript)
    first = _desk_books(page, email, met, javascript=javascript)
    visiting.its_day_comes(books, first)
    page.goto(f"/admin/visits/{first}")
    page.get_by_role("button", name="Is here").click()
    expect(page.get_by_role("button", name="Treated: use the session")).to_be_visible()
    met(page, "desk-here", javascript=javascript)
    _client_signs(page, met, javascript=javascript)
    page.goto(f"/admin/visits/{first}")
    page.get_by_role("button", name="Treated: use the session").click()
    page.get_by_role("link", name="Write the record").first.click()
    page.wait_for_url("**/record*")
    met(page, "desk-record", javascript=javascript)
    page.fill("input[name=device]", "Pen, 32G")
    page.locator("main form.record button[name=finish]").click()
    page.wait_for_url(f"**/admin/visits/{first}")
    met(page, "desk-done", javascript=javascript)

    owner.goto("/account/credits")
    expect(owner.locator(".series svg").first).to_have_attribute("aria-label", re.compile("1 done"))

    page.get_by_role("link", name=re.compile("^Next:")).click()
    page.wait_for_url("**at=**")
    _desk_confirms(page)
    met(page, "desk-next", javascript=javascript)
    page.locator("summary", has_text="Cancel it").click()
    page.get_by_role("button", name="Cancel the appointment").click()
    expect(page.locator("main")).to_contain_text("cancelled", ignore_case=True)

    admin = visit(width=width, javascript=javascript, signed_in=staff(ADMIN))
    admin.goto(f"/admin/orders/{order}")
    met(admin, "desk-order", javascript=javascript)
    admin.goto(f"/admin/orders/{order}/cancel")
    met(admin, "desk-cancel", javascript=javascript)
    back = acting.pounds(admin.locator(".sums .sum dd").last.text_content())
    admin.fill("input[name=reason]", "The client moves away.")
    admin.get_by_role("button", name="Call it off").click()
    expect(admin.get_by_text(re.compile("^Called off. £"))).to_be_visible()
    owner.goto(f"/orders/{order}")
    owner.locator("main a", has_text="the receipt").first.click()
    expect(owner.locator("h1")).to_contain_text("You called off")
    assert acting.pounds(owner.locator(".receipt .sum dd").text_content()) == back


def _client_books(page, met, *, javascript):
    """What, when, confirm: three taps, the last with the request to begin early."""
    page.goto("/account/visits/new")
    met(page, "what", javascript=javascript)
    page.locator(".visit-choice", has_text="session").first.click()
    page.wait_for_url("**what=**")
    page.get_by_role("link", name="Show earlier times").click()
    page.wait_for_url("**early=1**")
    met(page, "times", javascript=javascript)
    page.locator(".visit-times").nth(2).locator("a").first.click()
    page.wait_for_url("**at=**")
    met(page, "confirm", javascript=javascript)
    _tick_request(page)
    page.locator("form.visit-card button[type=submit]").click()
    page.wait_for_url(re.compile(r"/account/visits/(?!new)"))


def _desk_books(page, email, met, *, javascript):
    """Who, what, when, confirm; the number of the appointment."""
    page.goto("/admin/visits/new")
    met(page, "desk-who", javascript=javascript)
    page.fill("main input[name=q]", email)
    page.locator("main form button[type=submit]").click()
    page.locator(".visit-people a").first.click()
    page.wait_for_url("**client=**")
    met(page, "desk-what", javascript=javascript)
    page.locator(".visit-people a", has_text="session").first.click()
    page.wait_for_url("**what=**")
    met(page, "desk-times", javascript=javascript)
    page.locator(".visit-slots").last.locator("a").first.click()
    page.wait_for_url("**at=**")
    met(page, "desk-confirm", javascript=javascript)
    _desk_confirms(page)
    return page.url.rsplit("/", 1)[1]


def _client_signs(page, met, *, javascript):
    """The tablet is handed over: what is agreed to before the needle, read and signed there."""
    page.get_by_role("link", name=re.compile("^Sign on the tablet")).first.click()
    page.wait_for_url("**/consents/**")
    met(page, "desk-consent", javascript=javascript)
    page.locator("input[name=agreed]").first.check(force=True)
    page.fill("input[name=signed_name]", "Nora Beck")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/admin/answers")


def _desk_confirms(page):
    _tick_request(page)
    page.get_by_role("button", name="Book it").click()
    page.wait_for_url(re.compile(r"/admin/visits/(?!new)"))


def _tick_request(page):
    """The words about beginning within the days of withdrawal, where they are asked for."""
    if page.locator("input[name=express]").count():
        page.locator("input[name=express]").check(force=True)
