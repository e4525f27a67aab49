"""A larger package or another treatment at the desk: the difference is taken here, or goes back the way it came."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core.db import db
from shop.orders.models import Order
from shop.payments.models import PaymentEvent, Refund
from shop.wallet import moving
from tests.admin.series_at_hand import look, moves_of, new_one, path_of, press
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_client, make_package, make_treatment


@pytest.fixture
def three(app, clock):
    """Three sessions for 297.00 in cash, one used; six of the same cost 540.00."""
    treatment = make_treatment()
    small = make_package(treatment, sessions=3, price_minor=29700)
    make_package(treatment, sessions=6, price_minor=54000, slug="six")
    order = place_order(small, client=make_client(), tenders=[("cash", 29700)])
    use(credits_of(order)[0])
    return credits_of(order)[0]


def test_an_upgrade_takes_243_at_the_desk_and_leaves_five_worth_441(three, as_role):
    desk, path = as_role("desk"), path_of(three, "upgrade")
    shown = look(desk, path, package="six", cash="43", terminal="200", terms="y")
    assert "£441.00" in shown.text
    assert "£243.00 come in now" in shown.text
    assert press(desk, path, package="six", cash="43", terminal="200", terms="y").status_code == 303
    new = new_one(three)
    assert new.free == 5
    assert sum(unit.gross_minor for unit in moving.units_of(new)) == 44100
    tenders = select(PaymentEvent.tender, PaymentEvent.amount_minor).where(PaymentEvent.order_number == new.order_number)
    assert sorted(db.session.execute(tenders).all()) == [("cash", 4300), ("terminal", 20000)]
    assert all_differences() == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"cash": "243"}, "has to agree"), ({"cash": "240", "terms": "y"}, "£243.00 are due"), ({}, "are due")],
)
def test_an_upgrade_that_is_not_paid_exactly_is_refused(three, as_admin, typed, says):
    answer = look(as_admin, path_of(three, "upgrade"), package="six", **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(Order.id).where(Order.state == "open")) is None


def test_a_dearer_treatment_costs_what_is_missing(six, as_admin):
    make_package(make_treatment(name="Calm"), sessions=6, price_minor=60000, slug="dearer")
    path = path_of(six, "swap")
    assert press(as_admin, path, package="dearer", bank="60", terms="y").status_code == 303
    new = new_one(six)
    assert (new.free, sum(unit.gross_minor for unit in moving.units_of(new))) == (6, 60000)
    assert [move.kind for move in moves_of(six)][-1] == "swap"
    assert moves_of(six)[-1].reason == "asked by telephone"
    assert all_differences() == []


def test_a_cheaper_treatment_gives_the_difference_back_the_way_it_came(six, as_admin, as_role):
    make_package(make_treatment(name="Calm"), sessions=6, price_minor=48000, slug="cheaper")
    path = path_of(six, "swap")
    assert "£60.00 go back" in look(as_admin, path, package="cheaper").text
    shown = press(as_role("desk"), path, package="cheaper")
    assert shown.status_code == 422
    assert "ask whoever leads" in shown.text
    assert press(as_admin, path, package="cheaper").status_code == 303
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.tender, refund.amount_minor, refund.order_number) == ("cash", 6000, six.order_number)
    assert sum(unit.gross_minor for unit in moving.units_of(new_one(six))) == 48000
    assert all_differences() == []
