"""The list of orders: what is typed finds them, filters narrow them, and its cost does not grow."""

import pytest

from shop.core.db import db
from shop.orders.finding import Wanted, find_orders
from shop.payments import ledger
from tests.admin.orders_at_hand import make_order, make_shelf


def numbers(**wanted):
    return [order.number for order in find_orders(Wanted(**wanted)).orders]


def test_an_order_is_found_by_what_a_person_has_at_hand(app):
    from sqlalchemy import select

    from shop.catalog.models import Variant

    shelf = make_shelf()
    order = make_order(stock=shelf, name="Zoë O'Hara", email="Zoe@Example.com")
    make_order(name="Somebody Else")
    sku = db.session.scalars(select(Variant.sku).where(Variant.id == shelf.variant_id)).one()
    for q in (order.number, order.number.lower(), order.number[3:], "o'hara", "zoe@example.com", "zoe@", sku, sku.lower()):
        assert numbers(q=q) == [order.number], q


def test_signs_with_a_meaning_in_sql_are_plain_text(app):
    make_order(name="100 % sure")
    make_order(name="Plain")
    assert len(numbers(q="0 %")) == 1
    assert numbers(q="_lain") == []


def test_filters_say_where_an_order_stands(app):
    to_send, ready = make_order(), make_order(delivery="collect")
    waiting, sessions = make_order(state="open"), make_order(delivery="none")
    done = make_order(fulfilment="done")
    from shop.orders.fulfilling import mark_ready

    mark_ready(ready, cause="ready:test", by="user:1")
    assert numbers(fulfilment="to-send") == [to_send.number]
    assert numbers(fulfilment="ready") == [ready.number]
    assert numbers(fulfilment="done") == [done.number]
    assert numbers(fulfilment="nothing") == [sessions.number]
    assert numbers(state="open") == [waiting.number]
    assert numbers(delivery="collect") == [ready.number]


def test_money_that_went_back_is_a_filter(app):
    kept, back = make_order(), make_order()
    nothing = make_order(paid=False)
    ledger.write_down("refunded", order_number=back.number, amount_minor=2500, currency="GBP", reference="refunded:re_1")
    assert numbers(payment="paid") == [kept.number]
    assert numbers(payment="refunded") == [back.number]
    assert numbers(payment="unpaid") == [nothing.number]


def test_a_long_list_goes_on_where_it_ended(app):
    made = [make_order(stock=shelf).number for shelf in [make_shelf(50)] for _ in range(7)]
    first = find_orders(Wanted(), limit=3)
    second = find_orders(Wanted(), after=first.after, limit=3)
    third = find_orders(Wanted(), after=second.after, limit=3)
    assert [o.number for page in (first, second, third) for o in page.orders] == made[::-1]
    assert third.after is None


def test_the_list_costs_the_same_for_one_order_and_for_forty(as_admin, statements):
    shelf = make_shelf(100)
    make_order(stock=shelf)
    as_admin.get("/admin/orders")  # settings are read once
    with statements() as few:
        as_admin.get("/admin/orders")
    for _ in range(40):
        make_order(stock=shelf)
    with statements() as many:
        page = as_admin.get("/admin/orders")
    assert page.text.count("data-row") == 41
    assert len(many) == len(few), many


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=99999999999999999999", "state=nonsense", "since=2026-02-30",
                                   "_scheme=x&after=1", "q=%25&fulfilment=to-send", "since=0001-01-01"])  # fmt: skip
def test_nonsense_in_the_address_is_no_filter(as_admin, query):
    make_order()
    assert as_admin.get(f"/admin/orders?{query}").status_code == 200


def test_an_order_page_costs_the_same_whatever_its_history(as_admin, statements):
    order = make_order()
    path = f"/admin/orders/{order.number}"
    as_admin.get(path)
    with statements() as few:
        as_admin.get(path)
    from shop.orders.noting import add_note

    for n in range(12):
        add_note(order, f"Note {n}", cause=f"note:{n}", by="user:1")
    with statements() as many:
        as_admin.get(path)
    assert len(many) <= len(few) + 1  # the names of those who acted


def test_a_role_that_may_not_tie_sessions_to_a_person_reads_their_neutral_name(as_role, client, standin):
    from tests.support.factories import make_package, make_treatment
    from tests.support.journeys import buy

    package = make_package(make_treatment("meso-pigmentation", name="Pigment care"), name="Six for pigment marks")
    number = buy(client, standin, package=package.slug)
    for role, sees in (("stock", False), ("desk", True)):
        browser = as_role(role)
        page = browser.get(f"/admin/orders/{number}").text
        assert ("pigment marks" in page) is sees, role
        assert "pigment marks" not in browser.get("/admin/orders").text
