"""A whole payment goes back: shown first, asked for once, and the order is called off with its goods and sessions."""

from sqlalchemy import select

from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders.models import Order, Withdrawal
from shop.payments.models import Refund
from shop.wallet import moving
from shop.wallet.models import Credit
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_package
from tests.support.forms import forms
from tests.support.journeys import buy


def refund_form(browser, number, **typed):
    path = f"/admin/orders/{number}/refund"
    form = next(f for f in forms(browser.get(path).text, here=path) if "reason" in f.names)
    return path, {**form.fields, **typed}


def test_the_preview_says_what_goes_back_and_what_stays(as_admin):
    order = make_order(units=2)
    page = as_admin.get(f"/admin/orders/{order.number}/refund").text
    assert "£50.00" in page
    assert "2 pieces not sent yet" in page


def test_a_refund_pays_back_once_however_often_the_button_is_pressed(as_admin, client, standin, run_worker):
    number = buy(client, standin, sku=sku_of(make_shelf(5)), quantity=2)
    path, sent = refund_form(as_admin, number, reason="Changed her mind")
    assert as_admin.post(path, data=sent).status_code == 303
    assert as_admin.post(path, data=sent).status_code == 303
    run_worker()
    run_worker()
    refund = db.session.scalars(select(Refund)).one()
    assert refund.state == "succeeded"
    page = as_admin.get(f"/admin/orders/{number}").text
    assert "Paid back" in page
    assert "Changed her mind" in page


def test_cancelling_puts_goods_back_on_the_shelf(as_admin):
    shelf = make_shelf(5)
    order = make_order(stock=shelf, units=2)
    path, sent = refund_form(as_admin, order.number, reason="Out of office", cancels="y")
    assert as_admin.post(path, data=sent).status_code == 303
    assert order.state == "cancelled"
    assert db.session.get_one(Stock, shelf.id).available == 5
    assert all_differences() == []


def test_without_cancelling_the_goods_stay_promised(as_admin):
    shelf = make_shelf(5)
    order = make_order(stock=shelf, units=2)
    path, sent = refund_form(as_admin, order.number, reason="A gift from us")
    sent.pop("cancels", None)
    assert as_admin.post(path, data=sent).status_code == 303
    assert order.state == "placed"
    assert db.session.get_one(Stock, shelf.id).available == 3


def test_sessions_are_set_aside_at_once_and_leave_when_the_refund_is_on_its_way(as_admin, client, standin, run_worker):
    number = buy(client, standin, package=make_package(sessions=6).slug)
    path, sent = refund_form(as_admin, number, reason="Moves abroad", cancels="y")
    assert as_admin.post(path, data=sent).status_code == 303
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.free, credit.reserved) == (0, 6)
    for _ in range(3):
        run_worker()
    db.session.expire_all()
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.free, credit.held, credit.reserved, credit.used) == (0, 0, 0, 0)
    assert db.session.scalars(select(Order.state)).one() == "cancelled"
    assert all_differences() == []


def test_with_used_and_booked_sessions_all_of_it_goes_back_over_both_means_of_payment(as_admin):
    """The client's own way out and this page are one path: visits are let go, and goodwill pays the used ones."""
    order = place_order(make_package(sessions=6, price_minor=54000), tenders=[("cash", 20000), ("terminal", 34000)])
    [credit] = credits_of(order)
    use(credit, 2)
    moving.book(credit.id, cause="visit:ahead", by="client")
    db.session.commit()
    path, sent = refund_form(as_admin, order.number, reason="We failed her", cancels="y")
    for _ in range(2):
        assert as_admin.post(path, data=sent).status_code == 303
    db.session.expire_all()
    withdrawal = db.session.scalars(select(Withdrawal)).one()
    assert (withdrawal.refund_minor, withdrawal.reason, order.state) == (54000, "We failed her", "cancelled")
    refunds = db.session.execute(select(Refund.tender, Refund.amount_minor).order_by(Refund.tender)).all()
    assert refunds == [("cash", 20000), ("terminal", 34000)]
    assert (credit.free, credit.held - credit.reserved, credit.used) == (0, 0, 2)
    assert all_differences() == []


def test_without_cancelling_the_client_keeps_the_sessions(as_admin):
    order = place_order(make_package(sessions=6, price_minor=54000), tenders=[("cash", 20000), ("terminal", 34000)])
    path, sent = refund_form(as_admin, order.number, reason="A gift from us")
    sent.pop("cancels", None)
    assert as_admin.post(path, data=sent).status_code == 303
    assert sum(refund.amount_minor for refund in db.session.scalars(select(Refund))) == 54000
    assert credits_of(order)[0].free == 6
    assert all_differences() == []


def test_an_amount_that_changed_meanwhile_is_refused_and_the_reason_kept(as_admin):
    order = make_order(units=2)
    path, sent = refund_form(as_admin, order.number, reason="Too late")
    answer = as_admin.post(path, data={**sent, "amount_minor": "4000"})
    assert answer.status_code == 409
    assert 'value="Too late"' in answer.text
    assert db.session.scalars(select(Refund)).all() == []


def test_a_refund_needs_a_reason(as_admin):
    order = make_order()
    path, sent = refund_form(as_admin, order.number, reason=" ")
    answer = as_admin.post(path, data=sent)
    assert answer.status_code == 422
    assert "Say why the money goes back." in answer.text


def test_the_desk_sends_parcels_but_pays_nothing_back(as_role):
    order = make_order()
    desk = as_role("desk")
    assert desk.get(f"/admin/orders/{order.number}/refund").status_code == 403
    assert "/refund" not in desk.get(f"/admin/orders/{order.number}").text


def sku_of(shelf):
    from shop.catalog.models import Variant

    return db.session.scalars(select(Variant.sku).where(Variant.id == shelf.variant_id)).one()
