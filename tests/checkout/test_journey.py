"""From the bag to a paid order with stock allocated and sessions owned, for a guest and for a client."""

from sqlalchemy import select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.orders.models import Order
from shop.wallet.models import Credit
from tests.support.factories import make_addon, make_package, make_product, make_treatment
from tests.support.journeys import buy, come_back, fill_bag, go_to_pay


def test_a_guest_buys_a_product_and_stock_is_allocated(client, standin):
    product = make_product(stock=5)
    sku = product_sku(product)
    number = buy(client, standin, sku=sku, quantity=2)
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    assert order.state == "placed"
    assert all_differences() == []


def test_a_package_and_two_products_become_one_order_and_a_credit(client, standin):
    treatment = make_treatment("meso-lines")
    make_addon("led", treatments=[treatment])
    package = make_package(treatment, slug="meso-lines-6")
    skus = [product_sku(make_product(stock=3)) for _ in range(2)]
    fill_bag(client, package=package.slug, addon=["led:6"])
    for sku in skus:
        fill_bag(client, sku=sku, quantity=1)
    thanks = come_back(client, standin.pay(go_to_pay(client)))
    assert thanks.status_code == 200
    credits = db.session.scalars(select(Credit)).all()
    assert sorted((credit.kind, credit.granted) for credit in credits) == [("addon", 6), ("sessions", 6)]
    assert all_differences() == []


def product_sku(product):
    return db.session.scalars(select(Variant.sku).where(Variant.product_id == product.id)).one()
