"""Going live: what is missing is named, and the demo goes without a trace and without taking the clinic's own along."""

import pytest
from sqlalchemy import func, select

from shop.accounts.making import make_staff
from shop.accounts.models import Client, User
from shop.catalog.models import Product, Treatment
from shop.checking import all_differences
from shop.core import append_only
from shop.core.db import Base, db
from shop.core.settings import change_setting, forget, setting
from shop.demo.seeding import seed
from shop.orders.models import Order
from tests.support.people import browser_of_staff

OWN = "owner@linden-row.clinic"


@pytest.fixture
def demo(app):
    seed(password="three quiet harbours", second_factor="JBSWY3DPEHPK3PXP")
    make_staff(OWN, name="Own Owner", role="consultant", by="test", password="three quiet harbours", totp_secret="A" * 16)
    db.session.commit()
    forget()


def count(table):
    return db.session.scalar(select(func.count()).select_from(Base.metadata.tables[table]))


def test_what_is_missing_is_named(as_admin):
    change_setting("clinic.demo", True, by="test")
    page = as_admin.get("/admin/go-live").text
    for words in ("The demo is cleared away", "Stripe moves real money", "A medical lead", "Packages on sale"):
        assert words in page
    assert "What is still missing" in page


def test_the_demo_goes_and_the_offer_stays(demo, as_role, app):
    owner = as_role("owner")
    assert count("orders") > 0
    products = count("product")
    answer = owner.post("/admin/go-live/clear", data={"word": "Clear", "keep": "y"})
    assert answer.status_code == 303
    for table in (
        "orders",
        "order_line",
        "client",
        "credit",
        "credit_move",
        "stock",
        "stock_movement",
        "visit",
        "invoice",
        "bag",
    ):
        assert count(table) == 0, table
    assert count("product") == products
    assert db.session.scalar(select(func.count()).where(Product.in_stock.is_(True))) == 0
    assert set(db.session.scalars(select(User.email))) == {OWN, owner.user.email}
    assert not setting("clinic.demo")
    assert all_differences() == []
    assert owner.get("/admin").status_code == 200


def test_the_ledgers_are_guarded_again(demo, as_role):
    owner = as_role("owner")
    assert owner.post("/admin/go-live/clear", data={"word": "clear"}).status_code == 303
    assert count("treatment") == count("product") == 0
    from sqlalchemy.exc import DBAPIError

    assert append_only.TABLES
    with pytest.raises(DBAPIError):
        db.session.execute(Base.metadata.tables["history"].delete())
    db.session.rollback()


def test_it_needs_the_word_the_owner_and_a_demo(demo, as_role, app):
    owner = as_role("owner")
    assert owner.post("/admin/go-live/clear", data={"word": "yes"}).text.count("Type clear to show") == 1
    assert browser_of_staff("admin", app).post("/admin/go-live/clear", data={"word": "clear"}).status_code == 403
    assert db.session.scalar(select(func.count(Order.id))) > 0
    change_setting("clinic.demo", False, by="test")
    db.session.commit()
    forget()
    assert "no demo to clear" in owner.post("/admin/go-live/clear", data={"word": "clear"}).text
    assert db.session.scalar(select(func.count(Client.id))) > 0
    assert db.session.scalar(select(func.count(Treatment.id))) > 0
