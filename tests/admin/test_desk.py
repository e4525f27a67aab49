"""Selling at the desk: scanned, screened, paid in one or several means or by a link; and the day closed against the till."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.checkout.at_desk import shared
from shop.checkout.models import TillClose
from shop.checkout.till import close_till, read_till
from shop.core.db import db
from shop.core.errors import Refused
from shop.orders import paying_by_hand
from shop.orders.models import Order
from shop.orders.prospects import preview
from shop.payments import ledger
from shop.payments.models import Refund
from tests.intake.test_answering import TREATMENT
from tests.orders.buying import credits_of, use
from tests.orders.test_withdrawing import call_off
from tests.support.factories import make_client, make_package, make_product, make_treatment
from tests.support.forms import forms
from tests.support.racing import together
from tests.support.tills import counters, sku_of, the_order


@pytest.fixture
def desk(clock, as_role):
    return as_role("desk")


def new_sale(browser, client=None):
    answer = browser.post("/admin/desk", data={"client": str(client.id)} if client else {})
    assert answer.status_code == 303
    return answer.headers["Location"]


def pay_form(browser, path, **typed):
    form = next(form for form in forms(browser.get(path).text, here=path) if "total" in form.names)
    return form.action, form.fields | {"told": "y", "adult": "y", "how": "hand"} | typed


def add(browser, path, **line):
    answer = browser.post(f"{path}/lines", data=line)
    assert answer.status_code == 303, answer.text[:2000]


def test_a_serum_is_scanned_paid_in_cash_and_taken_along(desk):
    product = make_product(stock=3, price_minor=3750)
    sku = sku_of(product)
    path = new_sale(desk)
    assert desk.post(f"{path}/scan", data={"code": sku.lower()}).headers["Location"] == path
    action, sent = pay_form(desk, path, cash="40")
    answer = desk.post(action, data=sent)
    assert answer.status_code == 303, answer.text[:3000]
    assert "Give £2.50 back." in desk.get(answer.headers["Location"]).text
    order = the_order()
    assert (order.state, order.fulfilment, order.total_minor, order.client_id) == ("placed", "done", 3750, None)
    assert [(event.tender, event.amount_minor) for event in ledger.events_of(order.number)] == [("cash", 3750)]
    assert counters() == (2, 0, 0)
    assert desk.get(path).status_code == 200
    assert "Nothing in it yet" in desk.get(path).text
    assert all_differences() == []


def test_one_press_takes_the_whole_sum_by_one_means(desk):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, how="terminal")
    assert desk.post(action, data=sent).status_code == 303
    assert [(event.tender, event.amount_minor) for event in ledger.events_of(the_order().number)] == [("terminal", 2500)]


def test_who_walks_in_without_an_address_gets_no_file_and_no_letter(desk, mailbox):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, terminal="25.00", terminal_note="A-17")
    assert desk.post(action, data=sent).status_code == 303
    assert list(mailbox) == []
    assert the_order().client_id is None
    assert "A-17" in desk.get(f"/admin/orders/{the_order().number}").text


def test_200_in_cash_and_340_by_terminal_come_back_as_133_33_and_226_67(desk, clock):
    client = make_client()
    package = make_package(sessions=6)  # 540.00
    path = new_sale(desk, client)
    add(desk, path, package=package.slug)
    action, sent = pay_form(desk, path, cash="200", terminal="340")
    assert desk.post(action, data=sent).status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert order.client_id == client.id
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=20))  # the days of withdrawal are over: 90.00 for each session not used
    assert preview(order).total_minor == 36000
    call_off(order)
    back = db.session.scalars(select(Refund).order_by(Refund.id)).all()
    assert [(refund.tender, refund.amount_minor) for refund in back] == [("cash", 13333), ("terminal", 22667)]
    for refund in back:
        paying_by_hand.paid_back(refund.id, by="user:1")
    db.session.commit()
    assert read_till().moved == {"cash": 20000 - 13333, "terminal": 34000 - 22667, "bank": 0}
    assert all_differences() == []


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"cash": "10"}, "£15.00 are still missing."), ({"terminal": "30"}, "£5.00 too much: only cash gives change."),
    ({"cash": "1,00"}, "A comma can mean two things."), ({"cash": "25", "told": ""}, "Tell the client first"),
])  # fmt: skip
def test_what_does_not_add_up_is_refused_and_stays(desk, typed, sentence):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, **typed)
    answer = desk.post(action, data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(select(Order)).all() == []


def test_cash_gives_change_and_the_others_do_not():
    assert shared(5000, currency="GBP", cash_minor=2000, terminal_minor=4000) == (
        [("cash", 1000), ("terminal", 4000)],
        1000,
    )
    assert shared(5000, currency="GBP", bank_minor=5000) == ([("bank", 5000)], 0)
    with pytest.raises(Refused):
        shared(5000, currency="GBP", cash_minor=1, terminal_minor=5001)


def test_sessions_need_a_client_and_a_total_that_was_seen(desk):
    path = new_sale(desk)
    add(desk, path, package=make_package(sessions=3).slug)
    action, sent = pay_form(desk, path, cash="270")
    assert "Sessions belong to a person" in desk.post(action, data=sent).text
    desk.post(f"{path}/client", data={"name": "Ann Bee", "email": "", "phone": "020 7946 0999"})
    answer = desk.post(action, data=sent | {"total": "1"})
    assert answer.status_code == 409
    assert desk.post(action, data=sent).status_code == 303


@pytest.mark.usefixtures("screened")
def test_screening_binds_at_the_desk_too(desk):
    package = make_package(make_treatment(TREATMENT), sessions=3)
    path = new_sale(desk, make_client())
    add(desk, path, package=package.slug)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, cash="300")
    answer = desk.post(action, data=sent)
    assert answer.status_code == 422
    assert "questions before this treatment are not answered" in answer.text
    assert db.session.scalars(select(Order)).all() == []


def test_a_link_is_drawn_as_a_code_and_the_clients_telephone_pays(desk, app, standin, mailbox):
    path = new_sale(desk, make_client(email="ann@example.com"))
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, how="link")
    answer = desk.post(action, data=sent)
    assert answer.status_code == 303, answer.text[:3000]
    waiting = answer.headers["Location"]
    page = desk.get(waiting).text
    assert "<svg" in page
    assert desk.post(f"{waiting}/mail").status_code == 303
    link = mailbox.to("ann@example.com")[-1].link("/pay")
    telephone = app.test_client()
    assert telephone.get(link.replace("key=", "key=x")).status_code == 404
    address = telephone.get(link)
    assert address.status_code == 303
    standin.pay(address.headers["Location"])
    mailbox.run_worker()
    assert the_order().state == "placed"
    assert desk.get(waiting).headers["Location"] == f"/admin/orders/{the_order().number}"
    assert telephone.get(link).headers["Location"].startswith(f"/orders/{the_order().number}")


def test_who_changes_their_mind_pays_in_cash_and_a_later_card_payment_goes_back(desk, app, standin, mailbox):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, how="link")
    waiting = desk.post(action, data=sent).headers["Location"]
    address = the_attempt().session_url
    assert desk.post(f"{waiting}/take", data={"cash": "24"}).status_code == 422
    assert desk.post(f"{waiting}/take", data={"cash": "30"}).status_code == 303
    assert the_order().state == "placed"
    standin.pay(address)
    mailbox.run_worker()
    assert [refund.amount_minor for refund in db.session.scalars(select(Refund))] == [2500]
    assert all_differences() == []


def test_a_link_is_given_up_and_the_sale_goes_on(desk, standin):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, how="link")
    waiting = desk.post(action, data=sent).headers["Location"]
    assert desk.post(action, data=sent).status_code == 409
    assert desk.post(f"{path}/drop").status_code == 409
    assert desk.post(f"{waiting}/change").headers["Location"] == path
    assert counters() == (3, 0, 0)
    action, sent = pay_form(desk, path, cash="25")
    assert desk.post(action, data=sent).status_code == 303


def the_attempt():
    from tests.support.tills import attempts

    return attempts()[-1]


def test_the_day_is_closed_against_what_was_counted(desk, clock):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=9)))
    action, sent = pay_form(desk, path, cash="10", terminal="15")
    desk.post(action, data=sent)
    form = next(form for form in forms(desk.get("/admin/desk/till").text, here="/admin/desk/till") if "seen" in form.names)
    short = form.fields | {"cash": "9", "terminal": "15", "left": "5"}
    answer = desk.post("/admin/desk/till", data=short)
    assert answer.status_code == 422
    assert "Say why it differs: cash −£1.00." in answer.text
    assert desk.post("/admin/desk/till", data=short | {"reason": "A coin fell behind the counter"}).status_code == 303
    close = db.session.scalars(select(TillClose)).one()
    assert (close.expected, close.difference_minor) == ({"cash": 1000, "terminal": 1500, "bank": 0}, -100)
    till = read_till()
    assert (till.moved, till.expected["cash"]) == ({"cash": 0, "terminal": 0, "bank": 0}, 500)
    assert (
        desk.post("/admin/desk/till", data=short | {"reason": "again"}).status_code == 409
    )  # it was counted for another day


def test_of_two_who_close_at_once_one_succeeds(app, clock):
    seen = read_till().seen
    db.session.rollback()
    facts = {"seen": seen, "left_minor": 0, "reason": "", "currency": "GBP"}
    none = {"cash": 0, "terminal": 0, "bank": 0}
    answers = together(app, [lambda: bool(close_till(none, **facts, by="user:1"))] * 4)
    assert sorted(map(str, answers)) == ["Conflict"] * 3 + ["True"]
    assert len(db.session.scalars(select(TillClose)).all()) == 1


def test_a_close_never_changes(app, clock):
    from sqlalchemy.exc import DatabaseError

    close = close_till(
        {"cash": 0, "terminal": 0, "bank": 0}, seen=read_till().seen, left_minor=0, reason="", currency="GBP", by="x"
    )
    db.session.commit()
    close.reason = "another"
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()


def test_the_page_of_a_sale_costs_the_same_with_many_lines(desk, statements):
    path = new_sale(desk)

    def count():
        desk.get(path)
        with statements() as counted:
            desk.get(path)
        return len(counted)

    add(desk, path, sku=sku_of(make_product(stock=3)))
    few = count()
    for _ in range(8):
        add(desk, path, sku=sku_of(make_product(stock=3)))
    assert count() == few


def test_the_payment_page_of_a_link_stays_open_for_hours(desk, clock, standin):
    path = new_sale(desk)
    add(desk, path, sku=sku_of(make_product(stock=3)))
    action, sent = pay_form(desk, path, how="link")
    desk.post(action, data=sent)
    from shop.core import clock as time

    assert the_attempt().expires_at - time.now() == timedelta(hours=12)
