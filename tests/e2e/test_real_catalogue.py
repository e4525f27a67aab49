"""The same way to a paid bag when the shelf is a real one: 1,472 products that nobody of this shop wrote."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import expect

from tests.e2e import acting
from tests.e2e.conftest import WIDTHS, flask
from tests.imports.tables import outside

CONCERN, BRAND = "hydration", "clinique"


@pytest.fixture(scope="module")
def catalogue(live):
    """The file as it is, through the clinic's own command, beside the running shop; the rows of one brand."""
    path = outside("catalogue/sephora_cosmetic_p.csv")
    how = ("--currency", "GBP", "--stock", "20", "--key", "brand,name")
    flask(live.config, "shop", "import-products", str(path), *how)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 1472
    return {row["name"]: int(row["price"]) * 100 for row in rows if row["brand"].lower() == BRAND}


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1440, False)], ids=["390-script", "1440-no-script"])
def test_two_products_of_the_real_catalogue_are_bought_with_a_series(catalogue, visit, shot, width, javascript):
    page = visit(width=width, javascript=javascript)
    acting.choose_series(page, CONCERN)
    paths = acting.add_products(page, f"{CONCERN}&brand={BRAND}", scripted=javascript)
    for path in paths:
        page.goto(path)
        name = page.locator("h1").inner_text()
        assert acting.pounds(page.locator("main .price").first.inner_text()) == catalogue[name]
    page.goto("/bag")
    expect(page.locator(".bag-line")).to_have_count(3)
    shot(page, "real-bag")
    acting.to_checkout(page)
    acting.fill_in(page, email="nora@example.com")
    due = acting.pounds(page.locator(".sums .sum dd").first.text_content())
    acting.send_checkout(page)
    acting.pay(page)
    assert acting.pounds(page.locator(".sums .sum dd").first.text_content()) == due
    shot(page, "real-order")


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_the_real_catalogue_are_as_sound_as_the_demo(catalogue, visit, accessible, shot, width):
    page = visit(width=width)
    for path in ("/products", f"/brands/{BRAND}", "/search?q=moisturizer", f"/concerns/{CONCERN}"):
        assert page.goto(path).status == 200
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {width}"
        accessible(page)
        shot(page, "real-" + path.strip("/").split("?")[0].replace("/", "-"))
