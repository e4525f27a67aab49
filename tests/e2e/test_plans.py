"""A consultant's minute: from the client list to a sent plan of five steps and a series; the client opens it and goes to pay."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy

import pytest

from tests.e2e import acting

STEPS, MOST_CLICKS, MOST_TAPS = 5, 12, 4


class Clicks:
    """Counts what a hand does."""

    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def __call__(self, target) -> None:
        self.count += 1
        target.click()


CONSULTANT, CLIENT = "consultant@example.com", "client@example.com"  # guests of other journeys may have her name


@pytest.mark.parametrize(("width", "javascript"), [(820, True), (1440, True), (390, True), (820, False)])
def test_a_plan_of_five_steps_and_a_series_is_sent_in_twelve_clicks(live, visit, shot, staff, width, javascript):
    page = visit(width=width, javascript=javascript, signed_in=staff(CONSULTANT))
    page.goto("/admin/clients")
    name = f"{width}{'' if javascript else '-plain'}"
    click, began = Clicks(page), time.monotonic()
    page.locator("[data-search]").fill(CLIENT)  # a keystroke, not a click: "/" leads there
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    click(page.locator("tbody th a", has_text="Nora Beck"))
    click(page.get_by_role("link", name="New plan"))
    shot(page, f"plan-choose-{name}")
    click(page.get_by_role("link", name=re.compile("Melasma 4")))
    page.locator(".plan-line").first.wait_for()
    assert page.locator(".plan-line").count() == STEPS + 1
    page.fill("#goal", "Calmer patches by summer")
    shot(page, f"plan-builder-{name}")
    click(page.get_by_role("button", name="Send to Nora Beck"))
    page.wait_for_url(re.compile(r"/admin/plans/\d+$"))
    took = time.monotonic() - began
    shot(page, f"plan-sent-{name}")
    assert "Sent to Nora Beck." in page.inner_text("main")
    assert page.locator(".state", has_text="sent").count() >= 1
    assert click.count <= MOST_CLICKS
    print(f"A plan was chosen, written and sent in {took:.0f} seconds and {click.count} clicks")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def newest_link(live) -> str:
    live.all_sent()
    for path in reversed(live.mails):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        found = re.search(r"https?://\S+/plan/\S+", message.get_body(("plain",)).get_content())
        if found:
            return found[0]
    raise AssertionError("no e-mail with a plan's link")


def test_the_client_opens_it_on_a_phone_and_reaches_the_payment_page_in_four_taps(live, visit, shot):
    page = visit(width=390)
    acting.sign_in(page, live, CLIENT)
    page.goto(newest_link(live))
    page.wait_for_url("**/plan")
    shot(page, "plan-client")
    screened(page)
    page.goto("/account/addresses")
    page.goto(newest_link(live))
    page.wait_for_url("**/plan")
    tap = Clicks(page)
    tap(page.get_by_role("button", name=re.compile("Add what matters most")))
    page.wait_for_url("**/bag")
    shot(page, "plan-bag")
    tap(page.locator("main a[href='/checkout'], .foot-bar a[href='/checkout']").first)
    page.wait_for_url("**/checkout**")
    acting.fill_in(page)
    tap(page.locator("form#checkout button[type=submit]").last)
    page.wait_for_url("**/c/pay/**")
    assert tap.count <= MOST_TAPS


def screened(page) -> None:
    """The questions are answered before, as for a client whom the clinic knows."""
    page.goto("/screening/meso-pigmentation")
    for _ in range(6):
        if page.locator("input[name=consent]").count():
            acting._answer(page)


def test_a_stranger_with_the_link_reads_no_reason_and_the_sheet_prints(live, visit, shot):
    page = visit(width=390)
    page.goto(newest_link(live))
    page.wait_for_url("**/plan")
    assert "The reasons are for you alone" in page.inner_text("main")
    assert "Calmer patches" not in page.inner_text("main")
    shot(page, "plan-stranger")
    page.goto("/plan/print")
    page.emulate_media(media="print")
    shot(page, "plan-sheet")


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_desk_s_lists_fit_every_width(visit, shot, staff, width):
    page = visit(width=width, signed_in=staff(CONSULTANT))
    for path in ("/admin/plans", "/admin/plans/protocols", "/admin/plans/waiting"):
        page.goto(path)
        shot(page, f"plans{path.rpartition('/')[2]}")
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
