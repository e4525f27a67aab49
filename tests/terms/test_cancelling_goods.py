"""Goods, their delivery and boxes of both: what comes back, and what that does to the days of withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from shop.terms.cancellation import cancel
from tests.terms.contracts_at_hand import box, delivery, facts, goods, refund, sessions


def test_a_mixed_box_with_sealed_goods_pays_back_424_and_with_opened_ones_352():
    assert refund(box(), facts()) == 42400
    outcome = cancel(box(state="opened"), facts())
    assert outcome.refund_minor == 35200
    assert outcome.said[1].why == "Opened after delivery; it was sealed for hygiene."


def test_goods_in_transit_are_paid_back_and_keep_the_window_open():
    outcome = cancel(box(state="in transit"), facts(days=40))
    assert outcome.refund_minor == 42400
    assert outcome.window.last_day is None


def test_goods_that_arrived_later_lengthen_the_window_for_the_sessions():
    items = [sessions(used=2), goods(2400, delivered_on=date(2026, 6, 9))]
    assert refund(items, facts(days=22, asked=False)) == 54000 + 2400
    assert refund(items, facts(days=23, asked=False)) == 36000


def test_after_the_window_goods_and_delivery_stay_paid():
    outcome = cancel([sessions(used=2), goods(2400), delivery()], facts(days=15))
    assert outcome.refund_minor == 36000
    assert outcome.said[1].why == "It could be sent back until Monday 15 June 2026."


def test_opened_goods_can_come_back_when_nobody_spoke_of_the_seal_or_there_is_none():
    assert refund([goods(2400, state="opened")], facts(is_notice_missing=True)) == 2400
    assert refund([goods(2400, state="opened", is_hygienic=False)], facts()) == 2400


def test_delivery_is_paid_back_only_when_all_goods_come_back():
    assert refund([goods(2400, "a"), goods(4800, "b"), delivery()], facts()) == 2400 + 4800 + 395
    assert refund([goods(2400, "a"), goods(4800, "b", "opened"), delivery()], facts()) == 2400
    assert refund([goods(2400, "a"), goods(4800, "b", is_kept=True), delivery()], facts()) == 2400
    assert refund([sessions(), delivery()], facts()) == 54000


def test_goods_paid_back_before_count_as_come_back_but_are_not_paid_twice():
    outcome = cancel([goods(2400, "a"), replace(goods(4800, "b"), units=(), state="returned"), delivery()], facts())
    assert outcome.refund_minor == 2400 + 395
    assert outcome.said[1].why == "Paid back before."


def test_of_a_dear_delivery_the_standard_one_is_paid_back():
    assert refund([goods(2400), delivery(1200, standard_minor=395)], facts()) == 2400 + 395


def test_a_client_may_keep_the_goods_and_give_back_the_sessions_or_the_other_way_round():
    keeps_goods = cancel([sessions(used=1), goods(2400, is_kept=True)], facts())
    assert keeps_goods.refund_minor == 45000
    assert len(keeps_goods.said) == 1
    assert refund([sessions(used=1, is_kept=True), goods(2400)], facts(asked=False)) == 2400
    assert cancel([sessions(used=1, is_kept=True), goods(2400)], facts(asked=False)).rule == "uk-reg-36-4-pro-rata"


def test_goods_that_have_not_left_are_paid_back_and_keep_the_window_open():
    outcome = cancel([sessions(used=2), goods(2400, state="here"), delivery()], facts(days=40))
    assert outcome.refund_minor == 36000 + 2400 + 395
    assert outcome.said[1].why == "It has not left us."
    assert outcome.window.last_day is None
