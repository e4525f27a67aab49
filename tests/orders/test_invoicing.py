"""Invoices and credit notes: numbers without a gap whoever fails, one document for one cause, the same bytes for ever."""

from io import BytesIO

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from shop.catalog.models import Variant
from shop.core.db import db
from shop.core.errors import Refused
from shop.orders.invoicing import issue_credit_note, issue_invoice
from shop.orders.models import Invoice, Order, OrderLine
from shop.orders.printing import pdf
from shop.orders.refunding import request_refund, whole_parts
from tests.support.factories import make_product
from tests.support.journeys import buy, come_back, fill_bag, go_to_pay
from tests.support.racing import together
from tests.support.tills import orders, read, sku_of


def invoices(kind="invoice"):
    return read(select(Invoice).where(Invoice.kind == kind).order_by(Invoice.series, Invoice.serial))


@pytest.fixture
def placed(app, standin):
    """Twenty paid orders that nobody has filed yet."""
    sku = sku_of(make_product(stock=40))
    standin.desk.hold()
    return [buy(app.test_client(), standin, sku=sku, quantity=1) for _ in range(20)]


def order_of(number):
    return db.session.scalars(select(Order).where(Order.number == number)).one()


def test_twenty_issuers_at_once_of_whom_some_fail_leave_no_gap(app, placed):
    def issue(number, fails):
        issue_invoice(order_of(number))
        if fails:
            raise Refused("the printer is out of paper")

    acts = [lambda number=number, n=n: issue(number, n % 3 == 0) for n, number in enumerate(placed)]
    answers = together(app, acts)
    assert answers.count("Refused") == 7
    assert [invoice.serial for invoice in invoices()] == list(range(1, 14))
    together(app, [lambda number=number: issue(number, False) for number in placed])
    assert [invoice.serial for invoice in invoices()] == list(range(1, 21))


def test_one_order_has_one_invoice_however_often_it_is_asked_for(app, placed):
    number = placed[0]
    first = issue_invoice(order_of(number)).number
    db.session.commit()
    assert issue_invoice(order_of(number)).number == first
    db.session.commit()

    def again():
        try:
            return issue_invoice(order_of(number)).number
        except IntegrityError:
            db.session.rollback()
            return "tried again later"

    assert set(together(app, [again] * 8)) <= {first, "tried again later"}
    assert len(invoices()) == 1


def test_eight_workers_with_the_same_order_issue_one_invoice(app, placed):
    def issue():
        try:
            issue_invoice(order_of(placed[0]))
            db.session.flush()
        except IntegrityError:
            db.session.rollback()  # the outbox comes again

    together(app, [issue] * 8)
    assert [invoice.serial for invoice in invoices()] == [1]


def test_the_series_begins_anew_each_year_by_the_clinic_s_calendar(app, placed, clock):
    from datetime import UTC, datetime

    clock.move_to(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    issue_invoice(order_of(placed[0]))
    clock.move_to(datetime(2027, 1, 1, 0, 1, tzinfo=UTC))
    issue_invoice(order_of(placed[1]))
    db.session.commit()
    assert [invoice.number for invoice in invoices()] == ["INV-2026-00001", "INV-2027-00001"]


def test_an_invoice_says_what_was_agreed_and_not_what_is_now(paid, client):
    before = client.get(f"/orders/{paid.number}/invoice").data
    db.session.execute(update(Variant).values(price_minor=1))
    db.session.commit()
    assert client.get(f"/orders/{paid.number}/invoice").data == before


def test_an_invoice_opens_as_a_pdf(paid, client):
    answer = client.get(f"/orders/{paid.number}/invoice")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.data.rstrip().endswith(b"%%EOF")
    assert f"{invoices()[0].number}.pdf" in answer.headers["Content-Disposition"]
    assert pdf(invoices()[0]) == answer.data


def test_an_invoice_adds_up_to_the_order_by_line_and_by_rate(paid):
    invoice = invoices()[0]
    lines, rates = invoice.content["lines"], invoice.content["rates"]
    assert sum(line["gross_minor"] for line in lines) == invoice.gross_minor == paid.total_minor
    assert sum(line["vat_minor"] for line in lines) == invoice.vat_minor == paid.vat_minor
    assert sum(rate["gross_minor"] for rate in rates) == invoice.gross_minor
    assert sum(rate["vat_minor"] for rate in rates) == invoice.vat_minor


def test_delivery_over_goods_of_two_rates_counts_in_both(client, standin, worker):
    plain, reduced = make_product(stock=1), make_product(stock=1)
    db.session.execute(update(Variant).where(Variant.product_id == reduced.id).values(vat_percent="5"))
    for product in (plain, reduced):
        fill_bag(client, sku=sku_of(product), quantity=1)
    come_back(client, standin.pay(go_to_pay(client)))
    worker()
    delivery = read(select(OrderLine).where(OrderLine.kind == "shipping"))[0]
    assert delivery.gross_minor > 0
    invoice = invoices()[0]
    assert [rate["percent"] for rate in invoice.content["rates"]] == ["20", "5"]
    assert sum(rate["gross_minor"] for rate in invoice.content["rates"]) == invoice.gross_minor
    assert sum(rate["vat_minor"] for rate in invoice.content["rates"]) == invoice.vat_minor == orders()[0].vat_minor
    assert b"%PDF" in pdf(invoice)[:8]


@pytest.mark.parametrize("act", ["update invoice set gross_minor = 1", "delete from invoice"])
def test_an_issued_document_never_changes(paid, act):
    from sqlalchemy import text

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(act))
    db.session.rollback()


def test_a_whole_refund_is_credited_line_by_line_to_the_penny(paid, worker, mailbox):
    parts = whole_parts(paid.id)
    request_refund(
        paid.number, amount_minor=paid.total_minor, cause="click:1", reason="Not suitable", by="user:1", parts=parts
    )
    worker()
    worker()
    invoice, note = invoices()[0], invoices("credit_note")[0]
    assert note.number == "CN-2026-00001"
    assert (note.gross_minor, note.vat_minor) == (invoice.gross_minor, invoice.vat_minor)
    assert note.content["rates"] == invoice.content["rates"]
    assert note.content["reason"] == "Not suitable"
    assert pdf(note).startswith(b"%PDF")
    assert len(invoices("credit_note")) == 1


def test_amounts_that_name_no_line_take_back_the_whole_vat_in_the_end(paid, worker):
    amounts = (1, 333, 10_000, 7_777, paid.total_minor - 18_111)
    for n, amount in enumerate(amounts):
        request_refund(paid.number, amount_minor=amount, cause=f"click:{n}", reason="Goodwill", by="user:1")
        worker()
    notes, invoice = invoices("credit_note"), invoices()[0]
    assert [note.serial for note in notes] == [1, 2, 3, 4, 5]
    assert [note.gross_minor for note in notes] == list(amounts)
    assert sum(note.vat_minor for note in notes) == invoice.vat_minor


def test_a_credit_note_for_one_cause_is_written_once(paid):
    order = order_of(paid.number)
    rows = whole_parts(order.id)
    numbers = {issue_credit_note(order, rows, cause="refund:1", reason="x").number for _ in range(3)}
    assert len(numbers) == 1


def test_an_odd_name_on_an_invoice_breaks_neither_the_page_nor_the_file(client, standin, worker):
    sku = sku_of(make_product(stock=2))
    fill_bag(client, sku=sku, quantity=1)
    come_back(client, standin.pay(go_to_pay(client, name="Zoë <b>O'Hara</b> Żółć 李", city="Ærø & Søn")))
    worker()
    assert client.get(f"/orders/{orders()[0].number}/invoice").data.startswith(b"%PDF")
    assert BytesIO(pdf(invoices()[0])).read(5) == b"%PDF-"


def test_a_long_order_fills_more_than_one_page(client, standin, worker):
    for _ in range(32):
        fill_bag(client, sku=sku_of(make_product(stock=1)), quantity=1)
    come_back(client, standin.pay(go_to_pay(client)))
    worker()
    assert pdf(invoices()[0]).count(b"/Type /Page\n") >= 2
