"""What checkout said would come back is what calling off pays: for any bag, code, quantity and number of sessions used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from shop.checking import all_differences
from shop.core.db import db
from shop.orders.models import Order, OrderLine
from shop.orders.prospects import preview
from shop.orders.withdrawing import withdraw
from shop.payments.models import Refund
from shop.terms.discounts import Code
from shop.wallet import requesting
from shop.wallet.models import Credit
from tests.orders.buying import place_order, use
from tests.support.factories import make_addon, make_box, make_package, make_product, make_treatment, make_variant

ON_THE_SHELF = 30
FAST = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
LONG = settings(FAST, max_examples=150)


@st.composite
def bags(draw):
    """Up to three packages with add-ons, a box, and goods, with up to two codes."""
    packages = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "sessions": st.integers(1, 8),
                    "price_minor": st.integers(200, 90_000),
                    "quantity": st.integers(1, 3),
                    "led": st.integers(0, 6),
                }
            ),
            min_size=1,
            max_size=3,
        )
    )
    codes = draw(
        st.lists(
            st.one_of(
                st.builds(Code, name=st.just("SHARE"), percent=st.integers(1, 99).map(str)),
                st.builds(Code, name=st.just("SUM"), amount_minor=st.integers(1, 5_000)),
            ),
            max_size=2,
        )
    )
    goods = draw(st.lists(st.tuples(st.integers(100, 9_000), st.integers(1, 3)), max_size=2))
    return packages, codes, goods, draw(st.none() | st.integers(300, 60_000)), draw(st.integers(0, 900))


def bought(bag):
    packages, codes, goods, box_minor, delivery_minor = bag
    treatment = make_treatment()
    addon = make_addon(treatments=[treatment], per_session_minor=1_499)
    things = []
    for facts in packages:
        package = make_package(treatment, sessions=facts["sessions"], price_minor=facts["price_minor"])
        led = min(facts["led"], facts["sessions"] * facts["quantity"])
        things.append((package, facts["quantity"], {addon.slug: led} if led else {}))
    variants = [(make_variant(make_product(variants=0, price_minor=minor), stock=ON_THE_SHELF), n) for minor, n in goods]
    things += variants
    if box_minor is not None:
        inside = make_variant(make_product(variants=0, price_minor=2_000), stock=ON_THE_SHELF)
        things.append((make_box(make_package(treatment, sessions=3), inside, price_minor=box_minor), 2))
    return place_order(*things, codes=codes, delivery_minor=delivery_minor if variants else 0)


def in_promised_order(order):
    """The order's credits as the promise lists them: by line, then piece."""
    credits = db.session.scalars(select(Credit).where(Credit.order_number == order.number)).all()
    lines = dict(db.session.execute(select(OrderLine.id, OrderLine.position).where(OrderLine.order_id == order.id)).all())

    def place(credit):
        _, line_id, piece = credit.cause.split(":")
        return lines[int(line_id)], int(piece)

    return sorted(credits, key=place)


def check(clock, bag, data):
    clock.move_to("2026-03-02T09:30:00Z")
    order = bought(bag)
    credits = in_promised_order(order)
    said = order.promise["series"]
    assert [row[0] for series in said for row in series["rows"]] == [n for c in credits for n in range(c.granted + 1)]

    asked = data.draw(st.booleans(), label="asked to begin early")
    used = [data.draw(st.integers(0, credit.granted), label="used") for credit in credits]
    for credit, number in zip(credits, used, strict=True):
        if asked and credit.parent_id is None:
            requesting.request_start(credit.id, version=1, by="guest")
        use(credit, number)
    clock.shift(timedelta(days=data.draw(st.integers(0, 40), label="days")))

    found = preview(order)
    column = (1 if asked else 2) if found.is_statutory else 3
    promised = [series["rows"][number][column] for series, number in zip(said, used, strict=True)]
    paid = {entry.key: 0 for entry in found.content.entries}
    for row in (*found.now, *found.waiting):
        paid[row["key"]] += row["gross_minor"]
    assert [paid[f"credit:{credit.code}"] for credit in credits] == promised
    if found.is_statutory:  # nothing has left the house, so all goods and their delivery come back too
        assert found.total_minor == sum(promised) + order.goods_minor + order.delivery_minor
    assert found.total_minor <= order.total_minor

    withdraw(order, by="guest", cause=f"promise:{order.number}", seen_minor=found.total_minor)
    db.session.commit()
    sent = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(Refund.order_number == order.number)
    assert db.session.scalar(sent) == found.refund_minor
    assert preview(order).total_minor == 0
    db.session.rollback()


@FAST
@given(bag=bags(), data=st.data())
def test_what_checkout_said_is_what_is_paid(app, clock, bag, data):
    check(clock, bag, data)
    assert all_differences() == []
    db.session.rollback()


@pytest.mark.slow
@LONG
@given(bag=bags(), data=st.data())
def test_what_checkout_said_is_what_is_paid_for_many_bags(app, clock, bag, data):
    check(clock, bag, data)


def test_the_page_shows_the_table_of_this_very_order_with_its_code(app, clock):
    order = place_order(make_package(sessions=6, price_minor=54000), codes=[Code(name="TENTH", percent="10")])
    [said] = order.promise["said"]
    assert said["heads"] == ["Sessions used", "You get back"]
    assert said["table"][:3] == [["none", 48600], ["1", 40500], ["2", 32400]]
    assert said["sentence"].startswith("Until Monday 16 March you get everything back, less £81 for each session")
    assert order.promise["law_version"] == "uk-2014-06-13"


def test_two_series_of_an_order_have_a_table_each(app, clock):
    order = place_order(make_package(sessions=6), make_package(sessions=3, price_minor=10000))
    assert [len(said["table"]) for said in order.promise["said"]] == [7, 4]
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
