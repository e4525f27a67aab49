"""A day at the desk in a browser: prices by keyboard, one line paid back, the till by touch, a clinic that moves in, a lock."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import expect

ADMIN = "admin@example.com"
PIN = "4829"
CLIENTS = (
    "name,email,phone\nNora O'Hara & Söhne,nora.moves@example.org,020 7946 0101\nBen,,020 7946 0102\n,nobody@example.org,\n"
)
CARDS = "number,balance,for_name\nGV-2231-8846,75.00,Nora\n4711,20.00,\n"


@pytest.fixture
def ask(live):
    """One row of the shop's own database."""

    def one(question, *values):
        with sqlite3.connect(live.config.database_url.removeprefix("sqlite:///")) as books:
            return books.execute(question, values).fetchone()

    return one


@pytest.fixture
def met(accessible, shot):
    def look(page, name):
        shot(page, f"day-{name}")
        accessible(page)

    return look


def press(page, name):
    """By keyboard alone: on to the button, then Enter."""
    page.get_by_role("button", name=name).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_prices_are_fixed_in_bulk_by_keyboard(visit, staff, met, ask):
    page = visit(width=1440, signed_in=staff(ADMIN))
    page.goto("/admin/products?state=live")
    boxes = page.locator("input[name=ids]")
    chosen = [int(boxes.nth(n).get_attribute("value")) for n in range(3)]
    for n in range(3):
        boxes.nth(n).focus()
        page.keyboard.press("Space")
    page.locator("#many-act").select_option("percent")
    page.fill("#many-value", "10")
    press(page, "Show what would change")
    met(page, "prices-preview")
    first = "select id, price_minor from variant where product_id = ? and is_sold order by position, id limit 1"
    before = [ask(first, one) for one in chosen]
    press(page, re.compile(r"Make \d+ change"))
    expect(page.locator(".flashes")).to_be_visible()
    after = [ask("select price_minor from variant where id = ?", id)[0] for id, _ in before]
    assert [round(now / was, 1) for now, (_, was) in zip(after, before, strict=True)] == [1.1, 1.1, 1.1]


def test_one_line_of_an_order_is_paid_back(visit, staff, met, ask):
    page = visit(width=820, signed_in=staff(ADMIN))
    waiting = "select number, order_line.id from orders join order_line on order_line.order_id = orders.id"
    waiting += " where state = 'placed' and fulfilment = 'open' and delivery = 'ship' and order_line.kind = 'variant'"
    number, line = ask(f"{waiting} order by orders.id desc, order_line.id limit 1")
    page.goto(f"/admin/orders/{number}/lines/{line}/missing")
    page.get_by_label("Pay this back").check()
    met(page, "line-back")
    page.get_by_role("button", name="Do it, and write to the client").tap()
    expect(page.locator(".flashes")).to_contain_text("The client gets an e-mail")
    assert ask("select count(*) from refund where order_number = ?", number) == (1,)
    met(page, "order-with-refund")


def test_the_desk_sells_for_cash_and_by_terminal_and_closes_the_day(visit, staff, met, ask):
    page = visit(width=820, signed_in=staff(ADMIN))
    ean, _ = ask("select barcode, id from variant where barcode is not null and in_stock and is_sold order by id limit 1")
    for means in ("in cash", "by terminal"):
        page.goto("/admin/desk")
        page.get_by_role("button", name="New sale").tap()
        page.fill("#scan", ean)
        with page.expect_navigation():
            page.press("#scan", "Enter")
        page.get_by_label("The client knows the price").check()
        met(page, f"sale-{means[3:]}")
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile(f"{means}$")).tap()
        expect(page.locator("main")).not_to_contain_text("Nothing in it yet")
    page.goto("/admin/desk/till")
    sums = page.locator(".sums").first.inner_text()
    cash, terminal = (re.search(rf"{word}[^£]*£([\d.,]+)", sums).group(1) for word in ("Cash in the drawer", "terminal"))
    page.fill("[name=cash]", cash.replace(",", ""))
    page.fill("[name=terminal]", terminal.replace(",", ""))
    met(page, "till")
    page.locator("main form button[type=submit]", has_text="Close the day").tap()
    expect(page.locator("main table")).to_contain_text("none")


MOVED = {"clients": (CLIENTS, "Nora"), "gift-cards": (CARDS, "ending 8846")}


@pytest.mark.parametrize("what", MOVED)
def test_a_clinic_moves_in_from_files(visit, staff, met, live, what):
    text, told = MOVED[what]
    page = visit(width=820, signed_in=staff(ADMIN))
    page.goto("/admin/imports")
    page.locator(f"input[name=what][value={what}]").check()
    page.set_input_files("#move-file", {"name": f"{what}.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")})
    page.locator("form", has=page.locator("#move-file")).get_by_role("button", name="Hand it in").tap()
    done(page, live, "Show what would change")
    expect(page.locator("main")).to_contain_text(told)
    met(page, f"moving-{what}")
    done(page, live, "Apply it")
    expect(page.locator("main")).to_contain_text("What was done")


def done(page, live, words):
    """Asked for, answered, carried out by the worker, and looked at again."""
    button = page.get_by_role("button", name=words)
    expect(button).to_be_visible()
    with page.expect_navigation():
        button.tap()
    live.all_sent()
    page.reload()


def test_the_screen_locks_and_the_pin_leads_back_to_the_page(visit, live, met):
    from tests.e2e.acting import sign_in

    page = visit(width=820)
    sign_in(page, live, ADMIN)
    page.goto("/account/pin")
    page.fill("[name=pin]", PIN)
    page.fill("[name=current]", live.password)
    page.get_by_role("button", name=re.compile("my PIN")).tap()
    expect(page.locator(".flashes")).to_contain_text("Your PIN is set")
    met(page, "pin")
    page.goto("/admin/setup/look")
    met(page, "look")
    page.get_by_role("button", name="Lock, or switch to a colleague").tap()
    page.wait_for_url("**/locked?next=**")
    met(page, "locked")
    page.fill("[name=pin]", PIN)
    page.get_by_role("button", name="Go on").tap()
    page.wait_for_url("**/admin/setup/look")
