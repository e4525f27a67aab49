"""What calling off an order pays back, with the exact sums of the house: before it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.core.db import db
from shop.core.errors import Refused
from shop.orders import fulfilling
from shop.orders.prospects import preview
from shop.terms.discounts import Code
from shop.wallet import giving, moving, requesting
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import (
    make_addon,
    make_box,
    make_client,
    make_package,
    make_product,
    make_treatment,
    make_variant,
)


def hair(**given):
    return make_package(sessions=6, price_minor=54000, gaps=[7, 7, 7, 14, 30], **given)


def asked_early(order):
    for credit in credits_of(order):
        requesting.request_start(credit.id, version=1, by="client:1")
    db.session.commit()


def a_product(price_minor):
    return make_variant(make_product(variants=0, price_minor=price_minor), stock=9)


def test_hair_six_for_540_with_two_used_by_day_10_on_request_pays_360_of_which_60_is_vat(app, clock):
    order = place_order(hair())
    asked_early(order)
    clock.shift(timedelta(days=1))
    use(credits_of(order)[0])
    clock.shift(timedelta(days=7))
    use(credits_of(order)[0])
    clock.shift(timedelta(days=2))
    found = preview(order)
    assert (found.refund_minor, found.vat_minor, found.waiting_minor) == (36000, 6000, 0)
    assert found.outcome.rule == "uk-reg-36-4-pro-rata"
    assert found.lines[0].why == "£540.00 × 4/6 = £360.00."
    assert found.is_statutory
    assert found.is_whole


def test_without_the_express_request_the_same_pays_540(app, clock):
    order = place_order(hair())
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=10))
    found = preview(order)
    assert (found.refund_minor, found.vat_minor) == (54000, 9000)
    assert found.outcome.rule == "uk-reg-36-6-nothing-owed"


@pytest.mark.parametrize(("used", "due"), list(enumerate([54000, 45000, 36000, 27000, 18000, 9000, 0])))
def test_after_the_window_each_session_not_used_is_paid_back(app, clock, used, due):
    order = place_order(hair())
    use(credits_of(order)[0], used)
    clock.shift(timedelta(days=15))
    found = preview(order)
    assert found.refund_minor == due
    assert not found.is_statutory


def test_a_mixed_box_of_600_with_two_used_pays_424_and_the_goods_when_they_are_back(app, clock):
    spf, serum = a_product(3000), a_product(6000)
    package = make_package(sessions=6, price_minor=66000)
    order = place_order(make_box(package, spf, serum, price_minor=60000), delivery="collect")
    asked_early(order)
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=10))

    here = preview(order)
    assert (here.refund_minor, here.waiting_minor) == (42400, 0)

    fulfilling.mark_collected(order, cause="click", by="user:9")
    db.session.commit()
    found = preview(order)
    assert (found.refund_minor, found.waiting_minor, found.total_minor) == (35200, 7200, 42400)
    assert {line.minor: line.waits for line in found.lines} == {35200: False, 2400: True, 4800: True}


def test_add_ons_go_back_by_their_own_share(app, clock):
    treatment = make_treatment()
    make_addon("led", treatments=[treatment], per_session_minor=1500)
    make_addon("numbing", treatments=[treatment], per_session_minor=1000)
    order = place_order((hair(treatment=treatment), 1, {"led": 6, "numbing": 2}))
    asked_early(order)
    [sessions] = credits_of(order)
    led, numbing = credits_of(order, "addon")
    use(sessions, 2)
    use(led, 1)
    use(numbing, 2)
    found = preview(order)
    assert {line.key: line.minor for line in found.lines} == {
        f"credit:{sessions.code}": 36000,
        f"credit:{led.code}": 7500,
        f"credit:{numbing.code}": 0,
    }
    assert found.refund_minor == 43500


def test_an_add_on_goes_with_its_package_and_can_go_alone(app, clock):
    treatment = make_treatment()
    make_addon("led", treatments=[treatment], per_session_minor=1500)
    order = place_order((hair(treatment=treatment), 1, {"led": 6}))
    [sessions], [led] = credits_of(order), credits_of(order, "addon")
    assert preview(order, what=[f"credit:{sessions.code}"]).refund_minor == 63000
    assert preview(order, what=[f"credit:{led.code}"]).refund_minor == 9000


def test_what_a_friend_was_given_goes_back_to_the_payer(app, clock):
    order = place_order(hair(), client=make_client())
    [credit] = credits_of(order)
    giving.give(credit.id, sessions=2, to_client_id=make_client(user=None).id, cause="gift:1", by="client:1")
    db.session.commit()
    assert preview(order).refund_minor == 54000


def test_delivery_is_paid_back_when_all_goods_go_and_not_when_one_stays(app, clock):
    one, two = a_product(3000), a_product(2000)
    order = place_order(one, two, delivery_minor=395)
    everything = preview(order)
    assert everything.refund_minor == 5395
    [key, *_] = [entry.key for entry in everything.content.entries]
    assert preview(order, what=[key]).refund_minor == 3000


def test_goods_under_way_take_their_delivery_along(app, clock):
    order = place_order(a_product(3000), hair(), delivery_minor=395)
    fulfilling.mark_shipped(order, carrier="DPD", tracking="", cause="click", by="user:9")
    db.session.commit()
    found = preview(order)
    assert (found.refund_minor, found.waiting_minor) == (54000, 3395)


def test_goods_that_were_sent_count_as_arrived_after_some_days_and_the_window_runs_from_there(app, clock):
    order = place_order(a_product(3000), hair(), delivery_minor=395)
    clock.shift(timedelta(days=2))
    fulfilling.mark_shipped(order, carrier="DPD", tracking="", cause="click", by="user:9")
    db.session.commit()
    clock.shift(timedelta(days=5 + 14))
    assert preview(order).is_statutory
    clock.shift(timedelta(days=1))
    assert not preview(order).is_statutory
    assert preview(order).total_minor == 54000


def test_a_code_is_shared_by_what_it_took_off(app, clock):
    order = place_order(hair(), a_product(6000), codes=[Code(name="TENTH", percent="10")])
    assert order.total_minor == 54000
    use(credits_of(order)[0])
    asked_early(order)
    assert preview(order).refund_minor == 48600 * 5 // 6 + 5400


def test_three_for_100_with_one_used_pay_6666(app, clock):
    order = place_order(make_package(sessions=3, price_minor=10000))
    asked_early(order)
    use(credits_of(order)[0])
    assert preview(order).refund_minor == 6666


def test_an_eu_window_that_ends_on_a_sunday_runs_to_monday(app, clock):
    clock.move_to("2026-03-01T10:00:00Z")  # a Sunday; the fourteenth day is Sunday 15 March
    order = place_order(hair(), country="IE")
    clock.move_to("2026-03-16T23:30:00Z")
    assert preview(order).is_statutory
    clock.move_to("2026-03-17T10:00:00Z")
    assert not preview(order).is_statutory


def test_booked_sessions_go_back_too(app, clock):
    order = place_order(hair())
    moving.book(credits_of(order)[0].id, cause="visit:next", by="client")
    db.session.commit()
    assert preview(order).refund_minor == 54000


def test_goodwill_comes_out_of_what_was_paid_and_never_above_it(app, clock):
    order = place_order(hair())
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=30))
    found = preview(order, goodwill_minor=9000)
    assert (found.refund_minor, found.vat_minor) == (45000, 7500)
    with pytest.raises(Refused, match=r"180\.00"):
        preview(order, goodwill_minor=18001)


def test_a_single_session_price_counts_after_the_window_when_the_terms_said_so(app, clock):
    from shop.core.settings import change_setting

    change_setting("policy.late_terms", "list-price", by="user:1")
    db.session.commit()
    order = place_order(hair())
    change_setting("policy.late_terms", "pro-rata", by="user:1")
    db.session.commit()
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=15))
    assert preview(order).refund_minor == 54000 - 2 * 11000


def test_whoever_was_never_told_owes_nothing_for_a_year(app, clock):
    order = place_order(hair(), has_notice=False)
    use(credits_of(order)[0], 5)
    clock.shift(timedelta(days=300))
    assert preview(order).refund_minor == 54000
