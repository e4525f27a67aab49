"""The client comes back in one process while Stripe's message is heard in another, at the same instant."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import func, select

from shop.core.db import db
from shop.wallet.models import Credit
from shop.working import work_due
from tests.support.databases import close
from tests.support.factories import make_package, make_treatment
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.tills import assert_clean, attempts, counters, facts, taken_minor, the_order

ROUNDS = 4


@pytest.fixture(autouse=True)
def at_noon(clock):
    """Time stands still."""


def at_once(app, *acts):
    """Do each act in a process of its own; all begin when the last one is ready. Their exit codes."""
    db.session.rollback()
    close(app)
    begin, start = os.pipe()
    children = []
    for act in acts:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(start)
                os.read(begin, 1)  # ends when the parent closes the other end
                act()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(begin)
    os.close(start)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_way_back_and_the_message_in_two_processes_place_one_order(app, guest, standin, number):
    fill_bag(guest, package=make_package(make_treatment()).slug)
    standin.desk.hold()
    back = standin.pay(go_to_pay(guest))

    def hear():
        standin.desk.release()
        with app.app_context():
            work_due()

    returns = [lambda: guest.get(back)] * (1 + number % 2)
    assert set(at_once(app, hear, *returns)) == {0}
    assert come_back(guest, back).status_code == 200
    with app.app_context():
        work_due()
    assert the_order().state == "placed"
    assert [attempt.state for attempt in attempts()] == ["paid"]
    assert [fact.kind for fact in facts()] == ["captured"]
    assert taken_minor(standin) == the_order().total_minor
    assert counters() == (5, 2, 0)
    assert db.session.scalar(select(func.sum(Credit.granted))) == 6
    assert_clean()
