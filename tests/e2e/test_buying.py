"""From home over a concern to a paid bag of one series with an add-on and two products, as anybody would buy it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import acting
from tests.e2e.conftest import WIDTHS

CONCERN = "hydration"
PEOPLE = ("guest", "client")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_series_with_an_extra_and_two_products_is_bought_and_paid(live, visit, shot, who, width, javascript):
    page = visit(width=width, javascript=javascript)
    if who == "client":
        acting.sign_in(page, live, "client@example.com")
    name = f"buying-{who}-{width}-{'script' if javascript else 'plain'}"
    acting.choose_series(page, CONCERN)
    acting.add_products(page, CONCERN, scripted=javascript)
    page.goto("/bag")
    expect(page.locator(".bag-line")).to_have_count(3)
    expect(page.locator(".bag-line-detail li")).to_have_count(1)
    shot(page, f"{name}-bag")
    together = acting.pounds(page.locator(".sums .sum dd").first.text_content())
    acting.to_checkout(page)
    acting.fill_in(page, email="nora@example.com" if who == "guest" else "")
    shot(page, f"{name}-checkout")
    due = acting.pounds(page.locator(".sums .sum dd").first.text_content())
    assert due >= together
    acting.send_checkout(page)
    assert f"{due / 100:,.2f}" in page.inner_text("body")
    shot(page, f"{name}-pay")
    number = acting.pay(page)
    assert acting.pounds(page.locator(".sums .sum dd").first.text_content()) == due
    expect(page.locator(".series")).not_to_have_count(0)
    shot(page, f"{name}-order")
    page.goto("/bag")
    expect(page.locator("main")).to_contain_text("Your bag is empty")
    if who == "client":
        page.goto("/account/orders")
        expect(page.locator("main")).to_contain_text(number)
        page.goto("/account/credits")
        expect(page.locator(".series")).not_to_have_count(0)
