"""Whatever is in the bag: the total is the sum of its lines, and the same on the order, at Stripe and on the invoice."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shop.core.db import db
from shop.core.money import vat_inside
from shop.orders.models import Invoice, OrderLine
from shop.wallet.models import Credit
from tests.support.factories import make_addon, make_box, make_package, make_treatment, make_variant
from tests.support.journeys import checkout_form, come_back, fill_bag
from tests.support.tills import assert_clean, counters, facts, orders, pages, read, taken_minor

odd_price = st.one_of(st.sampled_from([1, 99, 100, 333, 1000, 9_999]), st.integers(30, 60_000))
rate = st.sampled_from(["20", "20", "5", "0"])


@dataclass(frozen=True)
class Wanted:
    """One thing in a bag; `parts` are (price, rate) of the goods in a box."""

    kind: str
    price: int
    rate: str
    quantity: int
    sessions: int
    addons: tuple[tuple[int, int], ...]
    parts: tuple[tuple[int, str], ...]
    lots: tuple[int, int]


wanted = st.builds(
    Wanted,
    kind=st.sampled_from(["variant", "variant", "package", "box"]),
    price=odd_price,
    rate=rate,
    quantity=st.integers(1, 4),
    sessions=st.sampled_from([1, 3, 6, 7]),
    addons=st.lists(st.tuples(st.integers(1, 5_000), st.integers(1, 6)), max_size=2).map(tuple),
    parts=st.lists(st.tuples(st.integers(1, 9_000), rate), min_size=1, max_size=3).map(tuple),
    lots=st.tuples(st.integers(1, 6), st.integers(0, 12)),
)
bags = st.tuples(st.lists(wanted, min_size=1, max_size=4), st.sampled_from(["ship", "collect"]), st.booleans())


def put_in(browser, thing):
    if thing.kind == "variant":
        variant = make_variant(price_minor=thing.price, vat_percent=thing.rate, stock=thing.lots[0])
        from tests.support.factories import make_stock

        make_stock(variant, 16, lot="B")
        fill_bag(browser, sku=variant.sku, quantity=thing.quantity)
    elif thing.kind == "package":
        treatment = make_treatment()
        addons = [(make_addon(treatments=[treatment], per_session_minor=each), n) for each, n in thing.addons]
        package = make_package(treatment, sessions=thing.sessions, price_minor=thing.price, vat_percent=thing.rate)
        chosen = [f"{addon.slug}:{min(n, thing.sessions * thing.quantity)}" for addon, n in addons]
        fill_bag(browser, package=package.slug, quantity=thing.quantity, addon=chosen)
    else:
        parts = [make_variant(price_minor=price, vat_percent=percent, stock=20) for price, percent in thing.parts]
        box = make_box(make_package(make_treatment(), sessions=thing.sessions), *parts, price_minor=thing.price)
        db.session.commit()
        fill_bag(browser, box=box.slug, quantity=thing.quantity)


@pytest.mark.parametrize("examples", [12, pytest.param(120, marks=pytest.mark.slow)])
def test_every_total_is_the_same_total(app, database, tmp_path, examples):
    from tests.support.paying import stand_in

    number = 0

    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(bags)
    def buy(bag):
        nonlocal number
        number += 1
        db.session.rollback()
        db.session.remove()
        database.refresh(app)
        folder = tmp_path / str(number)
        folder.mkdir()
        one_purchase(app, stand_in(app, folder), *bag)

    buy()


def one_purchase(app, standin, things, delivery, late):
    browser = app.test_client()
    for thing in things:
        put_in(browser, thing)
    form = checkout_form(browser, delivery=delivery)
    del form.fields["total"]
    answer = browser.post("/checkout", data=form.fields)
    if answer.status_code == 422:  # too little, too much or too heavy for one payment or one parcel
        assert orders() == []
        return
    assert answer.status_code == 303, answer.text[:500]
    come_back(browser, standin.pay(answer.headers["Location"]))
    from shop.working import work_due

    work_due()
    look_at(standin)


def look_at(standin):
    order, lines = orders()[0], read(select(OrderLine).order_by(OrderLine.position))
    invoice, page = read(select(Invoice))[0], pages(standin)[0]
    assert order.state == "placed"
    assert order.total_minor == sum(line.gross_minor for line in lines)
    assert order.vat_minor == sum(line.vat_minor for line in lines)
    assert order.total_minor == order.goods_minor + order.sessions_minor + order.delivery_minor
    assert order.total_minor == page["amount_total"] == facts("captured")[0].amount_minor == taken_minor(standin)
    assert (invoice.gross_minor, invoice.vat_minor) == (order.total_minor, order.vat_minor)
    assert sum(rate["gross_minor"] for rate in invoice.content["rates"]) == order.total_minor
    assert sum(rate["vat_minor"] for rate in invoice.content["rates"]) == order.vat_minor
    for line in lines:
        assert_shares(line)
    granted = [part for credit in read(select(Credit)) for unit in credit.units for part in unit]
    sessions = [line for line in lines if line.kind in ("package", "addon")]
    assert sum(gross for _, gross, _ in granted) == sum(line.gross_minor for line in sessions)
    assert sum(vat for _, _, vat in granted) == sum(line.vat_minor for line in sessions)
    on_hand, allocated, held = counters()
    assert (allocated, held) == (sum(line.quantity for line in lines if line.stock_id), 0)
    assert on_hand >= allocated
    assert_clean()


def assert_shares(line):
    """The units' stored shares are the line, none of them below zero, and the VAT is the line's own, half up."""
    if line.kind != "box":
        assert (sum(line.unit_gross), sum(line.unit_vat)) == (line.gross_minor, line.vat_minor)
    assert min([0, *line.unit_gross, *line.unit_vat]) == 0
    assert all(vat <= gross for gross, vat in zip(line.unit_gross, line.unit_vat, strict=True))
    if line.kind in ("package", "addon"):
        assert line.vat_minor == vat_inside(line.gross_minor, line.vat_percent)
