"""A day at the shelves in a browser, by keyboard at a desk and by touch on a tablet: deliveries, parcels, a count, a recall."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.e2e import acting

ADMIN = "admin@example.com"


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
        shot(page, f"shelves-{name}")
        accessible(page)

    return look


def scan(page, code):
    """A USB scanner types and presses Enter."""
    page.fill("[name=code]", code)
    with page.expect_navigation():
        page.press("[name=code]", "Enter")


@pytest.mark.parametrize("width", [820, 1440])
def test_what_is_ordered_arrives_by_scanning(visit, staff, met, ask, width):
    page = visit(width=width, signed_in=staff(ADMIN))
    ean, variant = ask("select barcode, id from variant where barcode is not null order by id limit 1")
    page.goto("/admin/stock/reorder")
    page.fill("[name=supplier]", f"Solenne Labs {width}")
    page.fill("#code", ean)
    page.fill("#more", "6")
    met(page, "reorder")
    page.get_by_role("button", name="Write the purchase").click()
    page.get_by_role("button", name="Ordered").click()
    expect(page.locator("h1")).to_have_text(f"Solenne Labs {width}")
    met(page, "purchase")
    page.get_by_role("button", name="A delivery has come").click()
    for _ in range(4):
        scan(page, f"010{ean}17290531 10D{width}".replace(" ", ""))
    expect(page.locator("main")).to_contain_text("-2")
    met(page, "delivery")
    page.get_by_role("button", name="Put 4 units on the shelf").click()
    expect(page.locator(".flashes")).to_contain_text("4 units are on the shelf")
    assert ask("select on_hand from stock join lot on lot.id = stock.lot_id where lot.code = ?", f"D{width}") == (4,)
    page.goto(f"/admin/stock/{variant}")
    expect(page.locator("main")).to_contain_text("Incoming")
    met(page, "article")


def bought(page):
    """Two products, paid; the number of their order."""
    acting.add_products(page, "hydration", scripted=True)
    acting.to_checkout(page)
    acting.fill_in(page, email="parcel@example.com")
    acting.send_checkout(page)
    return acting.pay(page)


def test_a_parcel_is_packed_with_one_empty_shelf_and_another_is_handed_over(visit, staff, met, ask):
    number = bought(visit(width=1440))
    page = visit(width=820, signed_in=staff(ADMIN))
    page.goto("/admin/orders/picking")
    met(page, "picking")
    lines = "select variant.barcode, quantity, order_line.id from order_line join variant on variant.id = variant_id "
    lines += "join orders on orders.id = order_id where number = ? and order_line.kind = 'variant' order by order_line.id"
    first, units, _ = ask(lines, number)
    page.goto(f"/admin/orders/{number}/pack")
    for _ in range(units):
        scan(page, first)
    met(page, "pack")
    page.get_by_role("link", name="Shelf is empty").last.tap()
    page.get_by_label("Send the rest now, this follows").check()
    page.fill("[name=until]", "2099-05-04")
    met(page, "empty-shelf")
    page.get_by_role("button", name="Do it, and write to the client").tap()
    expect(page.locator("main")).to_contain_text("owed, expected 4 May")
    page.goto(f"/admin/orders/{number}/slip")
    met(page, "slip")
    page.goto(f"/admin/orders/{number}/pack")
    page.fill("[name=carrier]", "DPD")
    page.get_by_role("button", name="Send what is in the parcel").tap()
    expect(page.locator("main")).to_contain_text("A part sent")
    met(page, "order")
    collect = bought(visit(width=1440))
    ask("update orders set delivery = 'collect' where number = ?", collect)  # the client comes by instead
    page.goto(f"/admin/orders/{collect}")
    page.get_by_role("button", name="Ready to collect").tap()
    page.get_by_role("button", name="Handed over").tap()
    expect(page.locator("main")).to_contain_text("Collected")


def test_the_phone_reads_a_code_with_its_camera(visit, staff, ask):
    """No browser on Linux reads codes: a detector that knows one stands in, the rest is real."""
    ean, _ = ask("select barcode, id from variant where barcode is not null order by id desc limit 1")
    page = visit(width=390, signed_in=staff(ADMIN))
    page.add_init_script(
        "window.BarcodeDetector = class { static async getSupportedFormats() { return ['ean_13'] }"
        f" async detect() {{ return [{{rawValue: '{ean}'}}] }} }};"
        "navigator.mediaDevices.getUserMedia = async () => { const canvas = document.createElement('canvas');"
        " const pen = canvas.getContext('2d'); setInterval(() => pen.fillRect(0, 0, 9, 9), 20);"
        " return canvas.captureStream(20) };"
    )
    page.goto("/admin/stock/deliveries")
    page.fill("[name=reference]", "By phone")
    page.get_by_role("button", name="Begin scanning").tap()
    page.get_by_role("button", name="Use the camera").tap()
    expect(page.locator(".flashes")).to_contain_text("1 ×")


def test_a_shelf_is_counted_and_a_lot_is_recalled(visit, staff, met, ask):
    page = visit(width=820, signed_in=staff(ADMIN))
    page.goto("/admin/stock/counts")
    page.get_by_role("button", name="Begin counting").tap()
    page.get_by_role("button", name="All counted, show the difference").tap()
    expect(page.get_by_role("button", name="Count further")).to_be_visible()
    met(page, "count")
    page.get_by_role("button", name="Count further").tap()
    page.get_by_role("button", name="Throw the count away").tap()
    expect(page.locator(".flashes")).to_contain_text("no shelf has changed")
    (lot,) = ask("select lot_id from stock join order_line on order_line.stock_id = stock.id where done > 0 limit 1")
    page.goto(f"/admin/stock/lots/{lot}")
    page.fill("[name=reason_why]", "The label names the wrong list.")
    page.fill("[name=advice]", "Stop using it and bring it back.")
    page.get_by_role("button", name=re.compile("^Recall and write to")).tap()
    expect(page.locator("main")).to_contain_text("Recalled")
    met(page, "recalled")
