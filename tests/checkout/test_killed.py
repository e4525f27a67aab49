"""The power fails before any step of buying: after a restart and one sweep each order is paid-and-placed or neither."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders.models import Order
from shop.payments.models import PaymentEvent
from shop.wallet.models import Credit
from shop.working import sweep_all, work_due
from tests.support.dying import every_death
from tests.support.factories import make_package, make_product, make_treatment
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.paying import stand_in

pytestmark = pytest.mark.slow
LONG_ENOUGH = timedelta(hours=3)


class Case:
    """A shop with one product and one package, a guest with both in the bag, and a Stripe of its own, anew each time."""

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
        self.standin.desk.hold()  # events wait until the test lets them go
        make_product(stock=5)
        sku = db.session.scalars(select(Variant.sku)).one()
        slug = make_package(make_treatment("meso-lines")).slug
        db.session.commit()
        self.guest = self.app.test_client()
        fill_bag(self.guest, sku=sku, quantity=2)
        fill_bag(self.guest, package=slug)

    def fill_in(self):
        self.lay_out()
        self.form = checkout_form(self.guest)

    def pay(self):
        """Up to the moment at which Stripe has the money and the shop knows nothing of it."""
        self.lay_out()
        self.back = self.standin.pay(go_to_pay(self.guest))

    def deliver(self):
        """Stripe sends what it held back, once."""
        self.standin.desk.release()

    @property
    def pages(self):
        return Counter(page["payment_status"] for page in self.standin.desk.all("checkout.session"))


@pytest.fixture
def case(app, database, tmp_path, clock):
    return Case(app, database, tmp_path)


def sweep_later(app, clock):
    clock.shift(LONG_ENOUGH)
    with app.app_context():
        sweep_all()


def test_killed_in_checkout_and_nobody_comes_back(app, case, clock):
    for death in every_death(lambda: case.guest.post("/checkout", data=case.form.fields), app=app, prepare=case.fill_in):
        clock.shift(LONG_ENOUGH)
        case.standin.desk.expire_due()  # Stripe closes its pages by itself
        sweep_later(app, clock)
        assert states() <= {"lapsed"}, death
        assert sum_of(Stock.held) == sum_of(Stock.allocated) == 0, death
        assert not sum_of(PaymentEvent.amount_minor), death
        assert {page["status"] for page in case.standin.desk.all("checkout.session")} <= {"expired"}, death
        assert all_differences() == [], death
    assert death.step > 10


def test_killed_in_checkout_and_the_buyer_tries_again(app, case, clock):
    for death in every_death(lambda: case.guest.post("/checkout", data=case.form.fields), app=app, prepare=case.fill_in):
        again = case.guest.post("/checkout", data=case.form.fields)
        assert again.status_code == 303, (death, again.text[:500])
        thanks = come_back(case.guest, case.standin.pay(again.headers["Location"]))
        assert thanks.status_code == 200, death
        whole(case, death)
        sweep_later(app, clock)
        whole(case, death)


def test_killed_on_the_way_back_from_paying(app, case, clock):
    for death in every_death(lambda: case.guest.get(case.back), app=app, prepare=case.pay):
        sweep_later(app, clock)
        whole(case, death)
        assert come_back(case.guest, case.back).status_code in (200, 202), death
        whole(case, death)
    assert death.step > 10


def test_killed_while_stripe_s_message_is_taken_in(app, case, clock):
    for death in every_death(case.deliver, app=app, prepare=case.pay):
        case.deliver()
        sweep_later(app, clock)
        whole(case, death)


def test_killed_while_the_worker_settles_and_sends(app, case, clock, instance):
    def prepare():
        case.pay()
        case.deliver()
        for mail in (instance / "mail").glob("*.eml"):
            mail.unlink()

    for death in every_death(work_due, app=app, prepare=prepare):
        clock.shift(timedelta(minutes=2))  # the lease of a dead worker ends
        work_due()
        whole(case, death)
        sent = len(list((instance / "mail").glob("*.eml")))
        assert 1 <= sent <= 2, (death, sent)


def whole(case, death):
    """Paid and placed, once: money, stock and sessions."""
    assert states() == {"placed"}, death
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1, death
    captured = select(func.count()).select_from(PaymentEvent).where(PaymentEvent.kind == "captured")
    assert db.session.scalar(captured) == 1, death
    assert case.pages["paid"] == 1, (death, case.pages)
    assert (sum_of(Stock.held), sum_of(Stock.allocated)) == (0, 2), death
    assert sum_of(Credit.granted) == 6, death
    assert all_differences() == [], death
    db.session.rollback()


def states():
    db.session.rollback()
    return set(db.session.scalars(select(Order.state)))


def sum_of(column):
    return db.session.scalar(select(func.coalesce(func.sum(column), 0)))
