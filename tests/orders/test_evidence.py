"""E-mails go out once more, lists are kept under a name, and a bank's question is answered with one file."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from shop.admin.orders.evidence import evidence
from shop.admin.orders.saved_models import SavedFilter
from shop.admin.orders.showing import get_order, sheet
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.texts import publish
from shop.intake.models import HealthReading, Screening
from shop.orders.models import Order, Parcel
from tests.admin.orders_at_hand import make_order
from tests.admin.test_packing import fill_in
from tests.visits.clinic import book_at, open_clinic


def sent(browser, **given):
    order = make_order(**given)
    db.session.commit()
    assert (
        fill_in(browser, f"/admin/orders/{order.number}", "/shipped", carrier="DPD", tracking="AB1")[0].status_code == 303
    )
    return order


def test_an_e_mail_goes_out_once_more_to_the_address_of_today(as_admin, mailbox):
    order, other = sent(as_admin), sent(as_admin)
    path = f"/admin/orders/{order.number}/messages"
    page = as_admin.get(path).text
    assert f"Your order {order.number} is on its way" in page
    assert other.number not in page
    order.email = "new@example.com"
    db.session.commit()
    answer, form = fill_in(as_admin, path, "/again")
    assert answer.status_code == 303
    address = next(a for a in page.split('"') if a.endswith("/again"))
    as_admin.post(address, data=form)
    assert [mail.subject for mail in mailbox.to("new@example.com")] == [f"Your order {order.number} is on its way"]
    stranger = address.replace(order.number, other.number)
    assert as_admin.post(stranger, data=form).status_code == 404


def test_a_list_is_kept_by_name_for_oneself(as_admin, as_role):
    path = "/admin/orders?fulfilment=to-send&q=Guest"
    assert fill_in(as_admin, path, "/filters", name="Guests to send")[0].status_code == 303
    assert fill_in(as_admin, path, "/filters", name="Guests to send")[0].status_code == 303
    (kept,) = db.session.scalars(select(SavedFilter)).all()
    assert kept.wanted == {"fulfilment": "to-send", "q": "Guest"}
    assert "Guests to send" in as_admin.get("/admin/orders").text
    desk = as_role("desk")
    assert "Guests to send" not in desk.get("/admin/orders").text
    desk.post(f"/admin/orders/filters/{kept.id}/remove")
    assert len(db.session.scalars(select(SavedFilter)).all()) == 1
    assert as_admin.post(f"/admin/orders/filters/{kept.id}/remove").status_code == 303
    assert as_admin.post("/admin/orders/filters", data={"name": ""}).status_code == 303
    assert db.session.scalars(select(SavedFilter)).all() == []


@pytest.fixture
def answered(paid):
    """The paid order, as if answers had allowed it."""
    order = db.session.scalars(select(Order).where(Order.number == paid.number)).one()
    row = Screening(
        treatment="meso-rejuvenation",
        client_id=order.client_id,
        answers={"pregnant": "no"},
        decision={"decision": "ok", "reasons": ["secret-reason"]},
        rules_version="2026-11",
        consent_version=1,
        consent_at=shop_clock.now(),
        made_at=shop_clock.now(),
        valid_until=shop_clock.today(),
    )
    db.session.add(row)
    db.session.flush()
    publish("consent-terms", title="Our terms", body_md="The very words.", by="the tests")
    order.consents = [{**consent, "version": 1} for consent in order.consents]
    order.promise = {**order.promise, "screenings": [row.id]}
    db.session.commit()
    return order


def words(number, **facts):
    found = evidence(sheet(get_order(number), names_sessions=True), names_sessions=True, **facts)
    return {section.title: section.rows for section in found}


def test_the_file_holds_what_was_agreed_sent_and_said(answered):
    said = words(answered.number, reads_health=False)
    assert ("Order", answered.number) in said["The order"]
    assert len(said["What was agreed to"]) == len(answered.consents)
    assert any("captured" in text for _, text in said["Money"])
    assert any("Thank you" in text for _, text in said["E-mails"])
    assert said["The promise made before the purchase"]
    assert said["The terms that were accepted"] == [("Our terms, version 1", "The very words.")]
    assert ["rules version 2026-11" in text for _, text in said["Screening decisions"]] == [True]


def test_decisions_are_only_in_it_for_those_who_may_read_them(answered):
    assert "decision: ok" not in str(words(answered.number, reads_health=False))
    assert "decision: ok" in str(words(answered.number, reads_health=True))
    assert "pregnant" not in str(words(answered.number, reads_health=True))


def test_one_click_gives_a_pdf_and_reading_health_leaves_a_row(answered, as_admin, as_consultant):
    path = f"/admin/orders/{answered.number}/evidence.pdf"
    answer = as_admin.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert db.session.scalars(select(HealthReading.subject)).all() == []
    db.session.rollback()
    assert as_consultant.get(path).status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(HealthReading.subject)).all() == [f"order:{answered.number}"]


def test_names_that_look_like_mark_up_stay_words_on_paper(as_admin):
    order = sent(as_admin, name="<b>&amp; <para>Ada")
    answer = as_admin.get(f"/admin/orders/{order.number}/evidence.pdf")
    assert answer.status_code == 200
    assert BytesIO(answer.data).read(5) == b"%PDF-"


def test_goods_that_lie_ready_are_handed_over_at_the_visit(as_admin):
    credit = open_clinic()
    client_id = credit.client_id
    order = make_order(delivery="collect", client_id=client_id)
    db.session.commit()
    fill_in(as_admin, f"/admin/orders/{order.number}", "/ready")
    soon = shop_clock.today() + timedelta(days=7)
    visit = book_at(credit, soon + timedelta(days=(7 - soon.weekday()) % 7), asked_early=True)
    page = f"/admin/visits/{visit.number}"
    assert order.number in as_admin.get(page).text
    assert fill_in(as_admin, page, "/collected")[0].status_code == 303
    db.session.expire_all()
    assert db.session.scalars(select(Order.fulfilment).where(Order.id == order.id)).one() == "done"
    assert db.session.scalars(select(Parcel.state)).one() == "left"
    assert order.number not in as_admin.get(page).text
