"""What a purchase costs the database: a dozen statements for a guest with one thing, and no more for a full bag."""

import pytest

from shop.core.db import db
from tests.support.factories import make_addon, make_box, make_package, make_product, make_treatment, make_variant
from tests.support.journeys import checkout_form, come_back, fill_bag
from tests.support.tills import counters, orders, sku_of

MOST = 12


class Purchase:
    """Counts from the POST of the checkout to the settled order, by the way back or by Stripe's message."""

    def __init__(self, browser, standin, statements):
        self.browser, self.standin, self.statements = browser, standin, statements
        self.texts = []

    def prepare(self):
        form = checkout_form(self.browser)
        self.standin.desk.hold()
        with self.statements() as count:
            answer = self.browser.post("/checkout", data=form.fields)
        assert answer.status_code == 303
        self.texts += count.texts
        return answer.headers["Location"]

    def come_back(self):
        back = self.standin.pay(self.prepare())
        with self.statements() as count:
            answer = self.browser.get(back)
        assert answer.status_code == 303
        self.texts += count.texts
        return len(self.texts)

    def be_told(self, worker):
        self.standin.pay(self.prepare())
        with self.statements() as count:
            self.standin.desk.release()
            worker()
        self.texts += count.texts
        return len(self.texts)

    def __str__(self):
        return "\n".join(" ".join(text.split())[:150] for text in self.texts)


@pytest.fixture
def purchase(client, standin, statements):
    return Purchase(client, standin, statements)


@pytest.fixture
def warm(app, sku, standin, worker):
    """Settings and texts are kept for seconds: the first purchase of a process pays for them."""
    browser = app.test_client()
    fill_bag(browser, sku=sku, quantity=1)
    form = checkout_form(browser)
    come_back(browser, standin.pay(browser.post("/checkout", data=form.fields).headers["Location"]))
    worker()
    return browser


def test_a_guest_with_one_thing_costs_a_dozen_statements(client, purchase, warm, sku):
    fill_bag(client, sku=sku, quantity=2)
    assert purchase.come_back() <= MOST, str(purchase)
    assert orders()[-1].state == "placed"


def test_a_message_costs_three_more_to_keep_find_and_close_it(client, purchase, warm, sku, app):
    from shop.checkout import sweeping

    fill_bag(client, sku=sku, quantity=2)
    assert purchase.be_told(sweeping.work_inbox) <= MOST + 3, str(purchase)
    assert orders()[-1].state == "placed"


@pytest.mark.parametrize("kinds", [1, 5, 20])
def test_the_count_does_not_grow_with_the_products(client, purchase, warm, kinds):
    for _ in range(kinds):
        fill_bag(client, sku=sku_of(make_product(stock=9)), quantity=2)
    assert purchase.come_back() <= MOST, str(purchase)
    assert counters()[1] == 1 + 2 * kinds


def test_the_count_does_not_grow_with_the_packages(client, app, purchase, warm, standin, statements):
    counts = set()
    for number in (1, 3, 6):
        browser = app.test_client()
        for _ in range(number):
            fill_bag(browser, package=make_package(make_treatment()).slug)
        counts.add(Purchase(browser, standin, statements).come_back())
    assert len(counts) == 1, counts
    assert counts.pop() <= MOST + 6


def test_the_count_does_not_grow_with_the_add_ons(app, warm, standin, statements):
    counts = set()
    for number in (1, 4):
        browser = app.test_client()
        treatment = make_treatment()
        slugs = [make_addon(treatments=[treatment]).slug for _ in range(number)]
        fill_bag(browser, package=make_package(treatment).slug, addon=[f"{slug}:6" for slug in slugs])
        counts.add(Purchase(browser, standin, statements).come_back())
    assert len(counts) == 1, counts


def test_the_count_does_not_grow_with_the_boxes(app, warm, standin, statements):
    counts = set()
    for number in (1, 3):
        browser = app.test_client()
        for _ in range(number):
            box = make_box(make_package(make_treatment()), make_variant(stock=4), make_variant(stock=4))
            db.session.commit()
            fill_bag(browser, box=box.slug)
        counts.add(Purchase(browser, standin, statements).come_back())
    assert len(counts) == 1, counts
