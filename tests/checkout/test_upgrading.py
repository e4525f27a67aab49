"""An upgrade is an order like any other: paid by card or at the desk, and paid back to the charges that paid it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.checkout.at_desk import settle_at_desk
from shop.checkout.paying import open_page
from shop.checkout.preparing import Buyer
from shop.checkout.upgrading import get_offer, offers, prepare_upgrade
from shop.core import clock as now
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.liability import Liability
from shop.orders.models import Order
from shop.orders.prospects import preview
from shop.payments import ledger
from shop.payments.models import Refund
from shop.reports.owing import report
from shop.reports.spans import this_month
from shop.wallet import giving, moving
from tests.orders.buying import credits_of, place_order, use
from tests.orders.test_withdrawing import call_off
from tests.support.factories import make_client, make_package, make_treatment
from tests.wallet.credits import counters


def buyer_of(client, country="GB"):
    consents = [{"kind": "consent-terms", "version": 1, "at": now.now().isoformat()}]
    facts = {"phone": "", "delivery": "none", "address": {}, "country": country, "for_someone": None}
    return Buyer(email=client.email, name=client.name, consents=consents, client_id=client.id, **facts)


@pytest.fixture
def three(clock, app):
    """Three sessions for 297.00 in cash, one used; six cost 540.00."""
    treatment = make_treatment()
    small = make_package(treatment, sessions=3, price_minor=29700)
    make_package(treatment, sessions=6, price_minor=54000, slug="six")
    make_package(sessions=6, slug="another-treatment")
    order = place_order(small, client=make_client(), tenders=[("cash", 29700)])
    use(credits_of(order)[0])
    return credits_of(order)[0]


def owner_of(credit):
    from shop.accounts.models import Client

    return db.session.get_one(Client, credit.client_id)


def upgraded(credit, tenders=(("terminal", 24300),)):
    order, _ = prepare_upgrade(credit, get_offer(credit, "six"), buyer_of(owner_of(credit)), mark="test")
    settle_at_desk(order, list(tenders), by="user:9")
    db.session.commit()
    return order


def test_only_a_larger_package_of_the_same_treatment_is_offered(three):
    [offer] = offers(three)
    assert (offer.slug, offer.pay_minor, offer.left_after) == ("six", 24300, 5)
    with pytest.raises(Refused):
        get_offer(three, "another-treatment")


def test_who_does_not_pay_at_once_gets_the_link_by_mail(three, client, standin, run_worker, mailbox, clock):
    order, intent = prepare_upgrade(three, get_offer(three, "six"), buyer_of(owner_of(three)), mark="six")
    email, number = order.email, order.number
    db.session.commit()
    page = open_page(intent)
    db.session.commit()
    run_worker()
    assert not any("how to pay" in mail.subject for mail in mailbox.to(email))
    clock.shift(timedelta(minutes=16))
    run_worker()
    [letter] = [mail for mail in mailbox.to(email) if "how to pay" in mail.subject]
    path = re.search(r"/orders/\S+/pay\?key=\S+", letter.text)[0]
    assert client.get(path).location == page.url
    standin.pay(client.get(path).location)
    run_worker()
    db.session.expire_all()
    assert db.session.scalars(select(Order.state).where(Order.number == number)).one() == "placed"
    assert counters(credits_of(order)[0]) == (5, 0, 0, 0)


def test_an_upgrade_that_is_paid_at_once_brings_no_link(three, run_worker, mailbox, clock):
    email = upgraded(three).email
    clock.shift(timedelta(hours=1))
    run_worker()
    assert not any("how to pay" in mail.subject for mail in mailbox.to(email))


def test_an_upgrade_paid_at_the_desk_leaves_five_worth_441(three):
    order = upgraded(three)
    [credit] = credits_of(order)
    assert (order.total_minor, order.vat_minor) == (24300, 4050)
    assert counters(credit) == (5, 0, 0, 0)
    assert counters(three) == (0, 0, 1, 0)
    assert {unit.net_minor for unit in moving.units_of(credit)} == {7350}
    assert all_differences() == []


def test_an_upgrade_paid_by_card_is_made_when_the_money_is_in(three, standin, client, run_worker):
    order, intent = prepare_upgrade(three, get_offer(three, "six"), buyer_of(owner_of(three)), mark="test")
    db.session.commit()
    page = open_page(intent)
    db.session.commit()
    assert counters(three) == (2, 0, 1, 0)
    client.get(standin.pay(page.url))
    run_worker()
    db.session.expire_all()
    assert order.state == "placed"
    assert counters(credits_of(order)[0]) == (5, 0, 0, 0)
    assert all_differences() == []


def test_a_refund_pays_the_newest_charge_first_each_within_its_own(three, clock):
    order = upgraded(three)
    [credit] = credits_of(order)
    use(credit, 2)
    clock.shift(timedelta(days=40))
    found = preview(order)
    assert found.refund_minor == 3 * 8820
    call_off(order)
    sent = dict(db.session.execute(select(Refund.order_number, Refund.amount_minor)).all())
    assert sent == {order.number: 24300, three.order_number: 2160}
    assert counters(credit) == (0, 0, 2, 0)
    assert all_differences() == []


def test_all_of_it_within_the_days_gives_both_charges_back(three):
    order = upgraded(three)
    call_off(order)
    sent = dict(db.session.execute(select(Refund.order_number, Refund.amount_minor)).all())
    assert sent == {order.number: 24300, three.order_number: 19800}


def test_what_the_page_promised_for_the_upgrade_is_what_it_pays(three, clock):
    order = upgraded(three)
    rows = order.promise["series"][0]["rows"]
    assert [row[3] for row in rows] == [44100, 35280, 26460, 17640, 8820, 0]
    use(credits_of(order)[0], 1)
    clock.shift(timedelta(days=30))
    assert preview(order).refund_minor == rows[1][3]


def test_the_month_counts_the_upgrade_once(three):
    upgraded(three)
    assert report(this_month()).total == Liability(sold=24750 + 20250, redeemed=8250)


def test_an_upgrade_whose_sessions_were_given_away_meanwhile_asks_for_a_person(three):
    order, _ = prepare_upgrade(three, get_offer(three, "six"), buyer_of(owner_of(three)), mark="test")
    giving.give(three.id, sessions=1, to_client_id=make_client(user=None).id, cause="gift", by="client:1")
    settle_at_desk(order, [("cash", 24300)], by="user:9")
    db.session.commit()
    assert credits_of(order) == []
    entry = db.session.scalars(select(AttentionEntry).where(AttentionEntry.kind == "payment")).one()
    assert "could not be made" in entry.reason
    assert ledger.captured_minor(order.number) == 24300
    assert all_differences() == []


def test_cash_and_terminal_pay_540_and_get_133_33_and_226_67_back(app, clock):
    from shop.checkout.preparing import prepare
    from tests.orders.buying import quote_of

    quoted, bag_id = quote_of(make_package(sessions=6, price_minor=54000))
    order, _ = prepare(quoted, buyer_of(make_client()), bag_id=bag_id, mark="desk")
    settle_at_desk(order, [("cash", 20000), ("terminal", 34000)], by="user:9")
    db.session.commit()
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=20))
    call_off(order)
    sent = db.session.execute(select(Refund.tender, Refund.amount_minor).order_by(Refund.id)).all()
    assert [tuple(row) for row in sent] == [("cash", 13333), ("terminal", 22667)]


@pytest.mark.parametrize(
    "tenders", [[("cash", 24299)], [("cash", 24301)], [("stripe", 24300)], [("cash", 24300), ("bank", 0)], []]
)
def test_money_at_the_desk_is_exactly_the_total(three, tenders):
    order, _ = prepare_upgrade(three, get_offer(three, "six"), buyer_of(owner_of(three)), mark="test")
    with pytest.raises(Refused):
        settle_at_desk(order, tenders, by="user:9")
    db.session.rollback()


def test_an_order_is_paid_at_the_desk_once(three):
    order = upgraded(three)
    with pytest.raises(Conflict):
        settle_at_desk(order, [("cash", 24300)], by="user:9")
    db.session.rollback()
    assert db.session.scalars(select(Order.state).where(Order.id == order.id)).one() == "placed"
