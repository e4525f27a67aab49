"""A written price counts from its moment to its end, to the second, for every page, bag and payment; history knows of each step."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from shop.catalog import indexing, scheduling_prices
from shop.catalog.changing_prices import price_history, set_variant_price
from shop.catalog.models import Package, Product, ScheduledPrice, Variant
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.errors import Conflict, NotFound, Refused
from shop.working import change_prices, sweep_all
from tests.support.factories import make_package, make_product
from tests.support.forms import forms
from tests.support.journeys import checkout_form, fill_bag

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = "/products/calm-serum"


@pytest.fixture
def size(clock, app):
    product = make_product(slug="calm-serum", stock=9)
    indexing.rebuild()
    db.session.commit()
    return db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()


def write(thing, minor, begins=None, ends=None):
    row = scheduling_prices.schedule(thing, minor, starts_at=begins, ends_at=ends, by="user:1")
    db.session.commit()
    return row


def price(thing):
    db.session.rollback()
    model = type(thing)
    return db.session.scalar(select(model.price_minor).where(model.id == thing.id))


def swept(thing):
    change_prices()
    return price(thing)


def test_it_begins_and_ends_at_its_moment_and_not_a_tick_before(size, clock):
    write(size, 2000, NOW + HOUR, NOW + 2 * HOUR)
    clock.move_to(NOW + HOUR - TICK)
    assert swept(size) == 2500
    clock.move_to(NOW + HOUR)
    assert swept(size) == 2000
    clock.move_to(NOW + 2 * HOUR - TICK)
    assert swept(size) == 2000
    clock.move_to(NOW + 2 * HOUR)
    assert swept(size) == 2500
    assert swept(size) == 2500


def test_the_worker_wakes_at_the_moment_itself(size, clock):
    assert change_prices() == 5.0
    write(size, 2000, NOW + timedelta(seconds=2))
    assert change_prices() == 2.0
    clock.move_to(NOW + timedelta(seconds=2))
    assert change_prices() == 5.0
    assert price(size) == 2000


def test_without_a_beginning_it_counts_at_once_and_without_an_end_it_stays(size, clock):
    write(size, 2700)
    assert price(size) == 2700
    clock.shift(400 * 24 * HOUR)
    assert swept(size) == 2700


def test_pages_search_list_and_structured_data_all_say_the_price_of_the_moment(size, clock, client):
    write(size, 1999, NOW + HOUR, NOW + 2 * HOUR)
    clock.move_to(NOW + HOUR)
    sweep_all()
    for address in (PAGE, "/products", "/products?sort=price", "/search?q=product", "/brands/" + brand_of(size)):
        assert "£19.99" in client.get(address).text, address
    said = json.loads(re.findall(r'ld\+json">(.*?)</script>', client.get(PAGE).text)[0])[0]
    assert said["offers"][0]["price"] == "19.99"
    fill_bag(client, sku=size.sku)
    assert "£19.99" in client.get("/bag").text


def test_the_list_is_sorted_by_the_price_of_the_moment(size, clock, client):
    other = make_product(name="Middle", price_minor=2200, stock=1)
    indexing.rebuild()
    db.session.commit()
    write(size, 2000, NOW + HOUR)

    def first():
        page = client.get("/products?sort=price").text
        return min(("calm-serum", other.slug), key=lambda slug: page.index(f"/products/{slug}"))

    assert first() == other.slug
    clock.move_to(NOW + HOUR)
    sweep_all()
    assert first() == "calm-serum"
    assert db.session.scalar(select(Product.price_minor).where(Product.slug == "calm-serum")) == 2000


def test_whoever_pays_is_told_of_a_price_that_changed_since_even_if_no_worker_lives(size, clock, client):
    fill_bag(client, sku=size.sku)
    form = checkout_form(client)
    write(size, 3000, NOW + HOUR)
    clock.move_to(NOW + HOUR)
    facts = {"email": "n@example.com", "name": "Nora Beck", "line1": "12 Linden Row", "city": "London"}
    facts |= {"postcode": "W1G 0AB", "country": "GB", "delivery": "ship", "terms": "y", "adult": "y"}
    answer = client.post("/checkout", data=form.fields | facts)
    assert answer.status_code == 409
    assert "The total has changed since you saw it" in answer.text
    assert "£30.00" in answer.text
    assert price(size) == 3000


def test_beside_a_reduced_price_stands_the_lowest_of_the_thirty_days_before(size, clock, client):
    for days, minor in ((1, 2100), (10, 2600)):
        clock.move_to(NOW + timedelta(days=days))
        set_variant_price(size, minor, by="user:1")
        db.session.commit()
    clock.move_to(NOW + timedelta(days=20))
    write(size, 1900, ends=NOW + timedelta(days=27))
    page = client.get(PAGE).text
    assert "Reduced. Lowest price in the 30 days before: £21.00" in page
    clock.move_to(NOW + timedelta(days=27))
    sweep_all()
    assert "Reduced" not in client.get(PAGE).text
    assert price(size) == 2600


def test_what_is_older_than_thirty_days_is_not_looked_at(size, clock, client):
    set_variant_price(size, 2000, by="user:1")
    db.session.commit()
    clock.shift(HOUR)
    set_variant_price(size, 2500, by="user:1")
    db.session.commit()
    clock.move_to(NOW + HOUR + timedelta(days=30) + TICK)
    write(size, 2200, ends=shop_clock.now() + HOUR)
    assert "before: £25.00" in client.get(PAGE).text


def test_the_price_with_which_the_thirty_days_began_counts_too(size, clock, client):
    clock.shift(timedelta(days=40))  # 25.00 stood until now
    set_variant_price(size, 4000, by="user:1")
    db.session.commit()
    clock.shift(timedelta(days=1))
    write(size, 3000, ends=shop_clock.now() + HOUR)
    assert "before: £25.00" in client.get(PAGE).text


def test_a_higher_price_or_one_for_good_is_no_reduction(size, clock, client):
    write(size, 2800, ends=NOW + HOUR)
    assert "Reduced" not in client.get(PAGE).text
    clock.move_to(NOW + HOUR)
    sweep_all()
    write(size, 2000)
    assert "Reduced" not in client.get(PAGE).text


def test_a_package_has_written_prices_too(clock, client):
    package = make_package(slug="calm-6")
    write(package, 50000, NOW + HOUR, NOW + 2 * HOUR)
    clock.move_to(NOW + HOUR)
    assert swept(package) == 50000
    page = client.get("/packages/calm-6").text
    assert "£500.00" in page
    assert "Reduced. Lowest price in the 30 days before: £540.00" in page
    clock.move_to(NOW + 2 * HOUR)
    assert swept(package) == 54000


def test_a_change_by_hand_ends_what_runs_and_nothing_comes_back(size, clock, client):
    write(size, 2000, ends=NOW + HOUR)
    set_variant_price(db.session.get(Variant, size.id), 2300, by="user:2")
    db.session.commit()
    assert "Reduced" not in client.get(PAGE).text
    clock.move_to(NOW + HOUR)
    assert swept(size) == 2300


def test_every_step_is_in_the_history_with_who_and_when(size, clock):
    write(size, 2000, NOW + HOUR, NOW + 2 * HOUR)
    for at in (NOW + HOUR, NOW + 2 * HOUR):
        clock.move_to(at)
        change_prices()
    steps = price_history([f"variant:{size.id}"])[f"variant:{size.id}"]
    assert [(one.at, one.was_minor, one.now_minor, one.by) for one in steps] == [
        (NOW + 2 * HOUR, 2000, 2500, "user:1"),
        (NOW + HOUR, 2500, 2000, "user:1"),
    ]


def test_after_a_night_without_a_worker_everything_is_done_in_turn(size, clock):
    write(size, 2000, NOW + HOUR, NOW + 2 * HOUR)
    write(size, 3000, NOW + 2 * HOUR)
    write(size, 2800, NOW + 3 * HOUR, NOW + 4 * HOUR)
    clock.move_to(NOW + 9 * HOUR)
    assert swept(size) == 3000
    assert {row.state for row in db.session.scalars(select(ScheduledPrice))} == {"done"}


def test_stopping_one_that_waits_and_one_that_runs(size, clock):
    waiting, running = write(size, 2000, NOW + HOUR, NOW + 2 * HOUR), write(size, 1500, ends=NOW + HOUR)
    assert price(size) == 1500
    for row in (running, waiting):
        scheduling_prices.stop(size, row.id, by="user:2")
    db.session.commit()
    assert price(size) == 2500
    clock.shift(9 * HOUR)
    assert swept(size) == 2500
    with pytest.raises(Conflict):
        scheduling_prices.stop(size, waiting.id, by="user:2")
    with pytest.raises(NotFound):
        scheduling_prices.stop(make_package(), waiting.id, by="user:2")


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(-1, None), (2, 2), (3, 1), (0.5, 1.5), (1.5, 1.7), (0.5, 9), (1.5, None), (1, None)],
)
def test_what_cannot_be_or_would_leave_two_prices_at_once_is_refused(size, begins, ends):
    write(size, 2000, NOW + HOUR, NOW + 2 * HOUR)
    with pytest.raises((Refused, Conflict)):
        write(size, 1800, NOW + begins * HOUR, NOW + ends * HOUR if ends is not None else None)
    db.session.rollback()


@pytest.mark.parametrize(("begins", "ends"), [(0, 1), (2, 3), (2, None), (0.5, None)])
def test_what_only_touches_is_taken(size, begins, ends):
    write(size, 2000, NOW + HOUR, NOW + 2 * HOUR)
    write(size, 1800, NOW + begins * HOUR, NOW + ends * HOUR if ends is not None else None)


def test_whatever_is_written_the_price_of_every_moment_is_the_one_that_was_written_for_it(size, clock):
    """Against the plainest model: of each moment the span that holds it, else what stood for good last."""
    drawn = random.Random(7)
    spans: list[tuple[int, int | None, int]] = []
    for _ in range(25):
        begins, minor = drawn.randrange(1, 60), drawn.randrange(100, 9000)
        ends = begins + drawn.randrange(1, 12) if drawn.random() < 0.7 else None
        try:
            write(size, minor, NOW + begins * HOUR, NOW + ends * HOUR if ends else None)
        except Conflict:
            db.session.rollback()
            continue
        spans.append((begins, ends, minor))
    assert len(spans) > 6
    for hour in range(75):
        clock.move_to(NOW + hour * HOUR)
        for_good = [(begins, minor) for begins, ends, minor in spans if ends is None and begins <= hour]
        now = [minor for begins, ends, minor in spans if ends is not None and begins <= hour < ends]
        expected = now[0] if now else max(for_good, default=(0, 2500))[1]
        assert swept(size) == expected, hour


# --- the desks --------------------------------------------------------------------------------------------------------


def desk(browser, thing, **typed):
    path = path_of(thing)
    form = next(form for form in forms(browser.get(path).text, here=path) if form.action == f"{path}/prices")
    return browser.post(form.action, data=form.fields | typed)


def path_of(thing):
    if isinstance(thing, Package):
        return f"/admin/packages/{thing.id}"
    return f"/admin/products/{thing.product_id}/sizes/{thing.id}"


@pytest.mark.parametrize("kind", ["size", "package"])
def test_the_desk_takes_it_in_the_clinics_own_time_and_stops_it(size, as_admin, kind):
    thing = size if kind == "size" else make_package()
    typed = {"written_price": "20.00", "starts_at": "2026-06-01T09:00", "ends_at": "2026-06-08T09:00"}
    assert desk(as_admin, thing, **typed).status_code == 303
    [row] = db.session.scalars(select(ScheduledPrice)).all()
    assert row.starts_at == shop_clock.at_local(date(2026, 6, 1), time(9)) == datetime(2026, 6, 1, 8, tzinfo=UTC)
    page = as_admin.get(path_of(thing)).text
    assert "£20.00" in page
    assert "9:00 am" in page
    assert as_admin.post(f"{path_of(thing)}/prices/stop", data={"written": row.id}).status_code == 303
    assert as_admin.post(f"{path_of(thing)}/prices/stop", data={"written": row.id}).status_code == 409
    assert "None is written down" in as_admin.get(path_of(thing)).text


@pytest.mark.parametrize(
    "typed",
    [
        {"written_price": ""},
        {"written_price": "x"},
        {"written_price": "99999999999"},
        {"written_price": "100000.01", "starts_at": "2026-06-02T09:00"},
        {"starts_at": "yesterday"},
        {"starts_at": "2020-01-01T00:00"},
        {"ends_at": "0001-01-01T00:00"},
        {"starts_at": "9999-12-31T23:59"},
        {"starts_at": "2026-06-02T09:00", "ends_at": "2026-06-01T09:00"},
    ],
)
def test_bad_input_has_its_sentence_and_stays(size, as_admin, typed):
    answer = desk(as_admin, size, **({"written_price": "20.00"} | typed))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert db.session.scalars(select(ScheduledPrice)).all() == []


def test_a_file_that_changes_prices_leaves_their_history_and_ends_what_runs(size, clock):
    from shop.catalog.changing_prices import note_new_prices

    write(size, 2000, ends=NOW + HOUR)
    note_new_prices([(size.id, 2000, 2400)], by="user:3")
    db.session.commit()
    assert price_history([f"variant:{size.id}"])[f"variant:{size.id}"][0].by == "user:3"
    assert {row.state for row in db.session.scalars(select(ScheduledPrice))} == {"stopped"}


def brand_of(size):
    from shop.catalog.models import Brand

    brand = select(Brand.slug).join(Product, Product.brand_id == Brand.id).where(Product.id == size.product_id)
    return db.session.scalars(brand).one()
