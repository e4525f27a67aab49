"""What people do in a browser, step by step; each step waits for what a person would wait for, and for nothing else."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

BUY = "main form[action='/bag/lines'] button[type=submit]"
ADDED = re.compile("bag", re.IGNORECASE)
NAME, ADDRESS = "Nora Beck", {"line1": "8 Quay Street", "city": "Bristol", "postcode": "bs1 4qf"}


def sign_in(page: Page, live: Any, email: str) -> None:
    """With the password; staff are asked for their second factor as well."""
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", live.password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/account|/login/second"))
    for _ in range(3):  # half a minute may end between the reading of a code and its arrival
        if not page.url.endswith("/login/second"):
            return
        page.fill("input[name=code]", live.fresh_code(email))
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()
    assert not page.url.endswith("/login/second"), page.inner_text("main")


def choose_series(page: Page, concern: str, *, addon: bool = True) -> None:
    """From the home page over the concern to its usual series, with its first extra: it leads to the bag."""
    page.goto("/")
    page.locator(f"main a[href='/concerns/{concern}']").click()
    page.wait_for_url(f"**/concerns/{concern}")
    page.locator(".package-card", has_text="usual").locator("a").first.click()
    page.wait_for_url("**/packages/**")
    if addon:
        page.locator("input[name=addon]").first.check(force=True)
    page.locator(BUY).first.click()
    page.wait_for_url("**/bag")


def add_products(page: Page, concern: str, *, scripted: bool, count: int = 2) -> list[str]:
    """The first products that are on the shelf for this concern, each from its own page; their addresses.

    With scripts one stays and is told, without one is led to the bag.
    """
    listed = f"/products?concern={concern}&in_stock=1"
    page.goto(listed)
    links = page.locator("main a[href^='/products/']").all()
    paths = list(dict.fromkeys(link.get_attribute("href") or "" for link in links))[:count]
    assert len(paths) == count, f"{listed} shows {len(paths)} products"
    for path in paths:
        page.goto(path)
        if scripted:  # somebody quicker than the scripts is led to the bag as well
            expect(page.locator("html.js")).to_be_attached()
        page.locator(BUY).first.click()
        if scripted:
            expect(page.locator(".toast")).to_have_text(ADDED)
        else:
            page.wait_for_url("**/bag")
    return paths


def to_checkout(page: Page) -> None:
    """Through every question about health that is asked, with answers that speak against nothing."""
    page.goto("/checkout")
    for _ in range(6):
        if "/screening/" not in page.url:
            break
        go_on = page.locator("main a.button[href='/checkout']")
        if go_on.count():
            go_on.first.click()
        else:
            _answer(page)
    expect(page.locator("form#checkout")).to_be_visible()


def _answer(page: Page) -> None:
    for field in page.locator("main fieldset.field").all():
        if field.locator("input:checked").count() == 0:
            adult = field.locator("input[name=adult]").count()
            plain = field.locator(f"input[value={'yes' if adult else 'no'}]")
            (plain if plain.count() else field.locator("input[type=radio]")).first.check(force=True)
    for field in page.locator("main input[type=date]").all():
        if not field.input_value():
            field.fill("1990-05-01")
    for field in page.locator("main textarea, main input[type=text].input, main input[type=number]").all():
        if not field.input_value():
            field.fill("30")
    page.locator("input[name=consent]").check(force=True)
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").first.click()


def fill_in(page: Page, *, email: str = "") -> None:
    """Where it goes and what is agreed to; a guest says who they are as well."""
    typed = dict(ADDRESS) if page.locator("main [name=line1]").count() else {}
    if email:
        typed |= {"email": email, "name": NAME}
    for name, value in typed.items():
        page.fill(f"main [name={name}]", value)
    page.locator("input[name=terms]").check(force=True)
    for tick in page.locator("input[name=adult]").all():  # asked where sessions are bought
        tick.check(force=True)


def send_checkout(page: Page) -> None:
    page.locator("form#checkout button[type=submit]").last.click()
    page.wait_for_url("**/c/pay/**")


def pay(page: Page) -> str:
    """On the pay page of the stand-in; the number of the order it leads back to."""
    page.locator("button[name=action][value=pay]").click()
    page.wait_for_url("**/orders/**")
    expect(page.locator("h1")).to_have_text(re.compile("^Thank you"))
    return re.search(r"/orders/([A-Z]+-\w+)", page.url)[1]  # type: ignore[index]


def pounds(text: str) -> int:
    """£1,234.50 → 123450."""
    found = re.fullmatch(r"£([\d,]+)\.(\d\d)", text.strip())
    assert found, f"{text!r} is not a price"
    return int(found[1].replace(",", "")) * 100 + int(found[2])
