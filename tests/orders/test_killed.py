"""The power fails before any step of a refund: after a restart and one sweep the money went back once, and the books say so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.orders.models import Invoice
from shop.orders.refunding import request_refund
from shop.working import sweep_all, work_due
from tests.support.dying import every_death
from tests.support.factories import make_product
from tests.support.journeys import buy
from tests.support.paying import stand_in
from tests.support.tills import assert_clean, facts, read, refunds, sku_of, taken_minor, the_order

pytestmark = pytest.mark.slow


class Case:
    """A paid, filed order, anew each time, and a Stripe of its own."""

    def __init__(self, app, database, folder):
        self.app, self.database, self.folder, self.number = app, database, folder, 0

    def lay_out(self):
        db.session.rollback()
        db.session.remove()
        self.database.refresh(self.app)
        self.number += 1
        folder = self.folder / str(self.number)
        folder.mkdir()
        self.standin = stand_in(self.app, folder)
        self.order = buy(self.app.test_client(), self.standin, sku=sku_of(make_product(stock=5)), quantity=2)
        work_due()
        db.session.commit()

    def ask(self):
        request_refund(self.order, amount_minor=2000, cause="click:1", reason="asked", by="user:1")
        db.session.commit()

    def lay_out_and_ask(self):
        self.lay_out()
        self.ask()


@pytest.fixture
def case(app, database, tmp_path, clock):
    return Case(app, database, tmp_path)


def sweep_later(app, clock):
    db.session.rollback()
    clock.shift(timedelta(minutes=5))  # a dead worker's lease ends
    with app.app_context():
        sweep_all()
        sweep_all()


def test_killed_while_it_is_asked_for_it_is_asked_or_not(app, case, clock):
    for death in every_death(case.ask, app=app, prepare=case.lay_out):
        sweep_later(app, clock)
        states = [refund.state for refund in refunds()]
        assert states in ([], ["succeeded"]), death
        back = 2000 * len(states)
        assert taken_minor(case.standin) == the_order().total_minor - back, death
        assert_clean()
    assert death.step > 3


def test_killed_while_it_is_sent_it_is_sent_once(app, case, clock):
    for death in every_death(work_due, app=app, prepare=case.lay_out_and_ask):
        sweep_later(app, clock)
        assert [refund.state for refund in refunds()] == ["succeeded"], death
        assert len(case.standin.desk.all("refund")) == 1, death
        assert [fact.kind for fact in facts()] == ["captured", "refunded"], death
        assert taken_minor(case.standin) == the_order().total_minor - 2000, death
        notes = read(select(Invoice).where(Invoice.kind == "credit_note"))
        assert [note.gross_minor for note in notes] == [2000], death
        assert_clean()
    assert death.step > 10
