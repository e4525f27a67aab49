"""The power fails before any step of calling off: after a restart and one sweep money, sessions and goods agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders.models import Order, Withdrawal
from shop.payments import ledger
from shop.payments.models import Refund
from shop.wallet.models import Credit
from shop.working import sweep_all, work_due
from tests.orders.buying import use
from tests.orders.test_withdrawal_pages import fields_of
from tests.support.dying import every_death
from tests.support.factories import make_package, make_product
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.paying import stand_in

pytestmark = pytest.mark.slow
DUE = 54000 * 4 // 6 + 2 * 2500 + 395


class Case:
    """Six sessions, two of them used, and two products that have not left; anew each time."""

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
        make_product(stock=5)
        sku = db.session.scalars(select(Variant.sku)).one()
        slug = make_package(sessions=6, price_minor=54000).slug
        db.session.commit()
        self.guest = self.app.test_client()
        fill_bag(self.guest, sku=sku, quantity=2)
        fill_bag(self.guest, package=slug)
        assert come_back(self.guest, self.standin.pay(go_to_pay(self.guest))).status_code == 200
        work_due()
        use(credit(), 2)
        credit().express_at = order().placed_at
        self.order = order().number
        db.session.commit()
        self.path = f"/orders/{self.order}/withdraw"
        self.fields = fields_of(self.guest, self.path)

    def press(self):
        self.guest.post(self.path, data=self.fields)

    def called_off(self):
        self.lay_out()
        self.press()


@pytest.fixture
def case(app, database, tmp_path, clock):
    return Case(app, database, tmp_path)


def test_killed_while_the_second_button_is_pressed(app, case, clock):
    for death in every_death(case.press, app=app, prepare=case.lay_out):
        later(app, clock)
        agree(case, death)
        case.press()  # the buyer presses again
        later(app, clock)
        paid(case, death)
    assert death.step > 20


def test_killed_while_the_money_is_sent(app, case, clock):
    for death in every_death(work_due, app=app, prepare=case.called_off):
        later(app, clock)
        paid(case, death)
    assert death.step > 15


def later(app, clock):
    clock.shift(timedelta(minutes=3))  # the lease of a dead worker ends
    with app.app_context():
        sweep_all()


def agree(case, death):
    """Either nothing happened at all, or all of it did."""
    db.session.rollback()
    if db.session.scalar(select(func.count()).select_from(Withdrawal)):
        paid(case, death)
        return
    row = credit()
    assert (row.free, row.held, row.used, row.reserved) == (4, 0, 2, 0), death
    assert sent(case) == 0, death
    assert allocated() == 2, death
    assert all_differences() == [], death
    db.session.rollback()


def paid(case, death):
    db.session.rollback()
    row = credit()
    assert (row.free, row.held, row.used, row.reserved) == (0, 0, 2, 0), death
    assert sent(case) == DUE, death
    assert ledger.captured_minor(case.order) - ledger.paid_minor(case.order) == DUE, death
    assert [refund.state for refund in db.session.scalars(select(Refund))] == ["succeeded"], death
    assert allocated() == 0, death
    assert order().state == "cancelled", death
    assert all_differences() == [], death
    db.session.rollback()


def sent(case):
    """What Stripe has really paid back."""
    return sum(refund["amount"] for refund in case.standin.desk.all("refund"))


def allocated():
    return db.session.scalar(select(func.sum(Stock.allocated)))


def credit():
    return db.session.scalars(select(Credit)).one()


def order():
    return db.session.scalars(select(Order)).one()
