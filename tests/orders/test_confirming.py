"""What the client is told after paying: once, on paper that lasts, and never with a treatment in the subject."""

import pytest
from sqlalchemy import update

from shop.catalog.models import Concern, Package, Treatment
from shop.core.db import db
from shop.orders.filing import file_order
from tests.support.factories import (
    make_addon,
    make_box,
    make_concern,
    make_package,
    make_product,
    make_treatment,
    make_variant,
)
from tests.support.journeys import buy, come_back, fill_bag, go_to_pay
from tests.support.tills import orders, refunds, sku_of, the_order

SECRET = "melasma"


def test_the_confirmation_shows_every_line_and_the_total_once(paid, mailbox):
    mails = [mail for mail in mailbox if paid.number in mail.subject]
    assert len(mails) == 1
    for text in (mails[0].text, mails[0].html):
        assert "£345.00" in text
        assert "£75.00" in text
        assert "Skin sessions (3)" in text
        assert "2 ×" in text


def test_the_confirmation_says_what_comes_back_as_the_order_promised_it(paid, mailbox):
    mail = next(mail for mail in mailbox if paid.number in mail.subject)
    promised = [said["sentence"] for said in paid.promise["said"]]
    assert promised
    for sentence in promised:
        assert sentence in mail.text
        assert sentence in mail.html.replace("&#39;", "'")
    assert "( )--( )--( )" in mail.text
    assert mail.html.count("○") == 3


def test_filing_an_order_twice_sends_one_letter_and_writes_one_invoice(paid, mailbox, worker):
    before = len(mailbox)
    file_order(number=paid.number)
    db.session.commit()
    worker()
    assert len(mailbox) == before


def test_the_link_in_the_letter_opens_the_order_for_whoever_holds_it(paid, mailbox, app):
    link = mailbox.last("guest@example.com").link("/orders/")
    stranger = app.test_client()
    answer = stranger.get(link)
    assert answer.status_code == 303
    assert "key=" not in answer.headers["Location"]
    assert stranger.get(answer.headers["Location"]).status_code == 200
    assert app.test_client().get(f"/orders/{paid.number}").status_code == 404
    assert app.test_client().get(link.replace(paid.number, "AG-22222222", 1)).status_code == 404


def test_a_box_stands_once_with_what_is_in_it(client, standin, worker, mailbox):
    box = make_box(make_package(make_treatment(), sessions=3), make_variant(stock=1), make_variant(stock=1))
    db.session.commit()
    fill_bag(client, box=box.slug)
    come_back(client, standin.pay(go_to_pay(client)))
    worker()
    text = mailbox.last("guest@example.com").text
    assert f"{box.name}, " in text
    assert "Skin sessions (3)" in text
    assert "£500.00" in text


@pytest.mark.parametrize("way", ["buying", "giving", "refunding"])
def test_no_subject_and_no_line_of_stripe_s_names_a_treatment_or_a_concern(client, standin, worker, mailbox, way):
    concern = make_concern(SECRET, name=SECRET.capitalize())
    treatment = make_treatment(f"meso-{SECRET}", concerns=[concern], name=f"{SECRET.capitalize()} treatment")
    addon = make_addon(f"{SECRET}-peel", treatments=[treatment], name=f"{SECRET.capitalize()} peel")
    package = make_package(treatment, slug=f"{SECRET}-3", sessions=3, name=f"{SECRET.capitalize()}, three sessions")
    db.session.commit()
    fill_bag(client, package=package.slug, addon=[f"{addon.slug}:3"])
    other = {"for_me": "no", "other_name": "Bea", "other_email": "bea@example.com"} if way == "giving" else {}
    come_back(client, standin.pay(go_to_pay(client, **other)))
    worker()
    if way == "refunding":
        from shop.orders.refunding import request_refund, whole_parts

        order = the_order()
        facts = {"reason": "Changed her mind", "by": "user:1", "parts": whole_parts(order.id)}
        request_refund(order.number, amount_minor=order.total_minor, cause="click:1", **facts)
        worker()
        assert [refund.state for refund in refunds()] == ["succeeded"]
    mails = list(mailbox)
    assert mails
    assert not [mail.subject for mail in mails if SECRET in mail.subject.lower()]
    assert not [mail.to for mail in mails if SECRET in (mail.text + mail.html).lower()]
    with standin.desk._store.unit() as unit:
        said = str(unit.all("checkout.session")) + str(unit.all("payment_intent")) + str(unit.all("refund"))
    assert SECRET not in said.lower()


def test_the_letters_speak_of_collecting_or_of_the_parcel(client, standin, worker, mailbox, app):
    sku = sku_of(make_product(stock=5))
    buy(client, standin, sku=sku, quantity=1)
    worker()
    assert "leaves us" in mailbox.last("guest@example.com").text
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=1)
    from tests.support.journeys import checkout_form

    form = checkout_form(other, delivery="collect", email="collects@example.com")
    del form.fields["total"]
    come_back(other, standin.pay(other.post("/checkout", data=form.fields).headers["Location"]))
    worker()
    assert "ready for you at the clinic" in mailbox.last("collects@example.com").text


def test_a_name_with_a_line_break_makes_no_second_header(client, standin, worker, mailbox):
    sku = sku_of(make_product(stock=2))
    fill_bag(client, sku=sku, quantity=1)
    come_back(client, standin.pay(go_to_pay(client, name="Ada\r\nBcc: thief@example.com")))
    worker()
    message = mailbox.last("guest@example.com").message
    assert message["Bcc"] is None
    assert "\n" not in orders()[0].name


def test_what_changed_its_name_since_is_confirmed_as_it_was_bought(client, standin, mailbox, worker):
    package = make_package(make_treatment(), sessions=3)
    fill_bag(client, package=package.slug)
    standin.desk.hold()
    come_back(client, standin.pay(go_to_pay(client)))
    db.session.execute(update(Package).values(statement_name="Another name"))
    db.session.execute(update(Treatment).values(name="Another"))
    db.session.execute(update(Concern).values(name="Another"))
    db.session.commit()
    worker()
    assert "Skin sessions (3)" in mailbox.last("guest@example.com").text
