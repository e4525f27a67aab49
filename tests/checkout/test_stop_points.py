"""Each named place kills when it is asked to; after a restart and one sweep an order is paid-and-placed or neither."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest

from shop.core.db import db
from shop.orders.refunding import request_refund
from shop.working import sweep_all, work_due
from tests.support.databases import close
from tests.support.journeys import checkout_form, come_back, go_to_pay
from tests.support.tills import assert_clean, attempts, counters, facts, refunds, taken_minor, the_order

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def at_noon(clock):
    """Time stands still."""


def killed_at(place, act, app):
    """Whether a child that does `act` died at that place."""
    db.session.commit()
    close(app)
    child = os.fork()
    if child == 0:
        os.environ["SHOP_STOP_AT"] = place
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def sweep_later(app, clock, standin):
    clock.shift(timedelta(hours=1))
    standin.desk.expire_due()
    with app.app_context():
        sweep_all()
        sweep_all()


@pytest.mark.parametrize("place", ["after-intent", "after-stripe"])
@pytest.mark.parametrize("tries_again", [True, False])
def test_killed_on_the_way_to_the_payment_page(app, guest, standin, clock, place, tries_again):
    form = checkout_form(guest)
    assert killed_at(place, lambda: guest.post("/checkout", data=form.fields), app)
    assert the_order().state == "open"
    if tries_again:
        come_back(guest, standin.pay(guest.post("/checkout", data=form.fields).headers["Location"]))
    sweep_later(app, clock, standin)
    assert (the_order().state, counters()) == (("placed", (5, 2, 0)) if tries_again else ("lapsed", (5, 0, 0)))
    assert taken_minor(standin) == (the_order().total_minor if tries_again else 0)
    assert_clean()


@pytest.mark.parametrize("place", ["after-read", "in-settle", "before-settled", "after-settle"])
def test_killed_on_the_way_back(app, guest, standin, clock, place):
    standin.desk.hold()
    back = standin.pay(go_to_pay(guest))
    assert killed_at(place, lambda: guest.get(back), app)
    sweep_later(app, clock, standin)
    assert_whole(standin)


@pytest.mark.parametrize("place", ["after-inbox", "after-hearing"])
def test_killed_while_a_message_is_heard(app, guest, standin, clock, place):
    standin.desk.hold()
    standin.pay(go_to_pay(guest))
    act = standin.desk.release if place == "after-inbox" else lambda: (standin.desk.release(), work_due())
    assert killed_at(place, act, app)
    standin.desk.release()
    sweep_later(app, clock, standin)
    assert_whole(standin)


def test_killed_while_the_sweep_gives_an_order_up(app, guest, standin, clock):
    go_to_pay(guest)
    clock.shift(timedelta(hours=1))
    assert killed_at("after-closing", sweep_all, app)
    sweep_later(app, clock, standin)
    assert (the_order().state, counters()) == ("lapsed", (5, 0, 0))
    assert_clean()


@pytest.mark.parametrize("place", ["before-refund", "after-refund"])
def test_killed_while_money_goes_back(app, guest, standin, clock, worker, place):
    come_back(guest, standin.pay(go_to_pay(guest)))
    worker()
    request_refund(the_order().number, amount_minor=1000, cause="click:1", reason="asked", by="user:1")
    assert killed_at(place, work_due, app)
    sweep_later(app, clock, standin)
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert taken_minor(standin) == the_order().total_minor - 1000
    assert_clean()


def test_no_place_stops_a_shop_in_production(app, config, monkeypatch):
    from dataclasses import replace

    from shop.core.stops import reached

    monkeypatch.setenv("SHOP_STOP_AT", "after-read")
    app.config["SHOP"] = replace(config, env="production")
    try:
        reached("after-read")
    finally:
        app.config["SHOP"] = config


def assert_whole(standin):
    assert the_order().state == "placed"
    assert [attempt.state for attempt in attempts()] == ["paid"]
    assert [fact.kind for fact in facts()] == ["captured"]
    assert taken_minor(standin) == the_order().total_minor
    assert counters() == (5, 2, 0)
    assert_clean()
