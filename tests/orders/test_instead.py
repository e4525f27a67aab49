"""Something else is offered for what is missing; only the client's yes sends it, and no answer changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.inventory.models import Stock
from shop.orders.access import link_token
from shop.orders.instead import answer, offers_of
from shop.orders.missing import Way, not_there
from shop.orders.models import Order, OrderLine
from shop.orders.owing import fill
from shop.orders.withdrawing import withdraw
from tests.orders.buying import place_order
from tests.support.factories import make_stock, make_variant
from tests.support.people import browser_of_staff
from tests.support.racing import together

BY = "user:1"


def shelf(units: int = 5) -> Stock:
    stock = make_stock(make_variant(price_minor=2000), units, lot="A", expires_on=shop_clock.today() + timedelta(days=400))
    db.session.commit()
    return stock


def variant_of(stock):
    from shop.catalog.models import Variant

    return db.session.get_one(Variant, stock.variant_id)


@pytest.fixture
def asked(app, clock):
    """An order of two, both missing; the client is asked for another article."""
    order, other = place_order((variant_of(shelf()), 2)), shelf()
    line = db.session.scalars(select(OrderLine).where(OrderLine.kind == "variant")).one()
    not_there(order, line.id, units=2, way=Way("ask", sku=variant_of(other).sku), cause="missing:1", by=BY)
    db.session.commit()
    return order


def line() -> OrderLine:
    db.session.rollback()
    return db.session.scalars(select(OrderLine).where(OrderLine.kind == "variant")).one()


def entries() -> list[str]:
    return [entry.reason for entry in db.session.scalars(select(AttentionEntry).where(AttentionEntry.kind == "stock"))]


def open_page(client, order) -> str:
    client.get(f"/orders/{order.number}?key={link_token(order.number)}")
    return client.get(f"/orders/{order.number}").text


def test_nothing_is_promised_until_the_client_answers(asked, mailbox, app):
    (offer,) = offers_of(asked.id)
    assert (offer.state, offer.units, line().stock_id) == ("waiting", 2, None)
    mail = next(mail for mail in mailbox.to("guest@example.com") if "About your order" in mail.subject)
    assert offer.instead in mail.text
    assert "Until then what you ordered waits for you." in mail.text
    staff = browser_of_staff("admin", app).get(f"/admin/orders/{asked.number}").text
    assert "Until they answer it waits." in staff
    assert all_differences() == []


def test_yes_from_the_link_in_the_letter_sends_the_other_article_at_the_price_that_was_paid(asked, client, mailbox):
    number, before, (offer,) = asked.number, line().gross_minor, offers_of(asked.id)
    db.session.rollback()
    page = client.get(mailbox.last("guest@example.com").link("/orders/"), follow_redirects=True).text
    assert offer.instead in page
    done = client.post(f"/orders/{number}/instead/{offer.id}", data={"answer": "yes"})
    assert done.status_code == 303
    assert (line().name, line().gross_minor, line().details["instead_of"]) == (offer.instead, before, offer.missing)
    assert line().stock_id is not None
    assert "Would something else do" not in client.get(f"/orders/{number}").text
    assert all_differences() == []
    assert entries() == []


def test_no_leaves_it_waiting_and_the_staff_see_it(asked, client, app):
    open_page(client, asked)
    (offer,) = offers_of(asked.id)
    db.session.rollback()
    client.post(f"/orders/{asked.number}/instead/{offer.id}", data={"answer": "no"})
    assert line().stock_id is None
    assert "wants nothing else" in entries()[0]
    db.session.rollback()
    staff = browser_of_staff("admin", app).get(f"/admin/orders/{asked.number}").text
    assert "The client does not want" in staff
    assert "The client says no: it waits" in staff


@pytest.mark.parametrize("said", ["", "maybe", "yes"])
def test_without_the_link_nobody_answers_and_nonsense_is_no_answer(asked, client, app, said):
    (offer,) = offers_of(asked.id)
    db.session.rollback()
    path = f"/orders/{asked.number}/instead/{offer.id}"
    assert app.test_client().post(path, data={"answer": said}).status_code in (400, 404)
    open_page(client, asked)
    if said != "yes":
        assert client.post(path, data={"answer": said}).status_code == 303
        assert offers_of(asked.id)[0].state == "waiting"
    db.session.rollback()
    assert client.post(f"/orders/{asked.number}/instead/99", data={"answer": "no"}).status_code == 404


def test_an_answer_stands(asked):
    (offer,) = offers_of(asked.id)
    assert answer(asked, offer.id, yes=False, by="client") == "no"
    db.session.commit()
    with pytest.raises(Conflict):
        answer(asked, offer.id, yes=True, by="client")


def test_of_two_answers_at_once_one_counts(asked, app):
    (offer,) = offers_of(asked.id)
    number, offer_id = asked.number, offer.id

    def say(yes: bool) -> str:
        order = db.session.scalars(select(Order).where(Order.number == number)).one()
        return answer(order, offer_id, yes=yes, by="client")

    answers = together(app, [lambda: say(True), lambda: say(False), lambda: say(True)])
    assert sorted(answers).count("Conflict") == 2
    assert all_differences() == []


def test_yes_to_what_has_gone_meanwhile_asks_for_a_person(asked):
    db.session.execute(Stock.__table__.update().values(held=Stock.on_hand - Stock.allocated))
    (offer,) = offers_of(asked.id)
    assert answer(asked, offer.id, yes=True, by="client") == "gone"
    assert line().stock_id is None


def test_goods_that_came_or_were_called_off_leave_no_question(asked):
    from shop.inventory.receiving import receive

    order = db.session.scalars(select(Order)).one()
    receive(line().variant_id, units=9, cause="came", by=BY, lot="B", expires_on=shop_clock.today() + timedelta(days=300))
    fill(order, db.session.scalars(select(OrderLine.id).where(OrderLine.kind == "variant")).one(), by=BY)
    db.session.commit()
    (offer,) = offers_of(order.id)
    assert offer.state == "gone"
    with pytest.raises(Conflict):
        answer(order, offer.id, yes=True, by="client")
    db.session.rollback()
    withdraw(db.session.scalars(select(Order)).one(), by="client", cause="w:1")
    db.session.commit()
    assert all_differences() == []


def test_what_cannot_be_offered_is_refused(app, clock):
    order = place_order((variant_of(shelf()), 2))
    one = db.session.scalars(select(OrderLine).where(OrderLine.kind == "variant")).one()
    for sku in (variant_of(db.session.get_one(Stock, one.stock_id)).sku, variant_of(shelf(1)).sku, "NOTHING-1"):
        with pytest.raises(Refused):
            not_there(order, one.id, units=2, way=Way("ask", sku=sku), cause=f"missing:{sku}", by=BY)
        db.session.rollback()
