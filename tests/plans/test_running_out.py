"""Row 12: bought on 1 June, 42 days of use: a word on 6 July; seven days of rest make it 13 July; and when nothing is said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from shop.cases.models import Case
from shop.core import clock
from shop.core.db import db
from shop.intake.facts import change_pregnancy
from shop.intake.subjects import Subject
from shop.orders.models import Order, OrderLine
from shop.plans import reminding
from shop.plans.answering import decline, stop_reminders
from shop.plans.crediting import hear_order
from shop.plans.following import queue
from shop.plans.models import Plan, PlanEvent
from shop.plans.running_out import days_left, nudge_on, runs_out_on
from shop.plans.sending import send_plan
from tests.account.things import make_series
from tests.plans.making import content, essential, line, make_plan, make_shelf
from tests.support import factories

JUNE_1 = date(2026, 6, 1)


def test_forty_two_days_from_the_first_of_june_give_the_sixth_of_july():
    assert runs_out_on(JUNE_1, 42) == date(2026, 7, 13)
    assert nudge_on(JUNE_1, 42) == date(2026, 7, 6)


def test_seven_days_of_rest_push_it_to_the_thirteenth():
    rest = ((date(2026, 6, 10), date(2026, 6, 17)),)
    assert nudge_on(JUNE_1, 42, rest) == date(2026, 7, 13)
    assert days_left(JUNE_1, 42, today=date(2026, 7, 13), rests=rest) == 7


def test_a_rest_before_the_purchase_or_after_the_end_changes_nothing():
    early, late = (date(2026, 5, 1), date(2026, 5, 20)), (date(2026, 8, 1), date(2026, 8, 9))
    assert nudge_on(JUNE_1, 42, (early, late)) == date(2026, 7, 6)


@pytest.fixture
def june(clock):
    clock.move_to(datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
    return clock


@pytest.fixture
def nora(june, app):
    """She has a plan and bought a serum that lasts 42 days: 30 ml at 0.35 ml twice a day."""
    make_shelf()
    serum = factories.make_product(
        slug="retinal",
        name="Retinal Night",
        step="treat",
        inci="Aqua, Glycerin, Retinal",
        brand=factories.make_brand(name="Ostrel"),
        variants=0,
        amount_per_use_ml="0.35",
        uses_per_day=2,
    )
    factories.make_variant(serum, sku="RET-30", content_amount=30, stock=9)
    client = factories.make_client(name="Nora Beck")
    plan = make_plan(client, content(essential("cream"), line("retinal", sku="RET-30")))
    send_plan(plan, by="user:1", seen=1)
    buy(client, "RET-30")
    return client


def buy(client, sku, *, quantity=1, bag_id=None):
    from shop.catalog.models import Variant

    variant = db.session.scalars(select(Variant).where(Variant.sku == sku)).one()
    gross = variant.price_minor * quantity
    facts = {
        "email": client.email,
        "name": client.name,
        "address": {},
        "country": "GB",
        "jurisdiction": "uk",
        "currency": "GBP",
    }
    facts |= {"sessions_minor": 0, "delivery_minor": 0, "vat_minor": gross // 6, "consents": [], "promise": {}, "holds": []}
    order = Order(
        number=f"AG-{order_number()}",
        client_id=client.id,
        state="placed",
        fulfilment="open",
        delivery="ship",
        goods_minor=gross,
        total_minor=gross,
        made_at=clock.now(),
        placed_at=clock.now(),
        bag_id=bag_id,
        **facts,
    )
    db.session.add(order)
    db.session.flush()
    sums = {
        "quantity": quantity,
        "list_minor": variant.price_minor,
        "gross_minor": gross,
        "vat_percent": "20",
        "vat_minor": gross // 6,
    }
    split = {"unit_gross": [variant.price_minor] * quantity, "unit_vat": [variant.price_minor // 6] * quantity}
    db.session.add(
        OrderLine(
            order_id=order.id,
            position=1,
            kind="variant",
            variant_id=variant.id,
            name=sku,
            statement_name=sku,
            details={},
            **sums,
            **split,
        )
    )
    db.session.flush()
    hear_order(order_id=order.id)
    return order


def order_number():
    return 50000 + len(db.session.scalars(select(Order.id)).all())


def told(mailbox, nora, day):
    """Works the day's promise; the subjects that came."""
    before = len(mailbox.to(nora.email))
    db.session.commit()
    reminding.work(day=day)
    return [mail.subject for mail in mailbox.to(nora.email)[before:]]


def plan_of(client):
    return db.session.scalars(select(Plan).where(Plan.client_id == client.id)).one()


def test_the_word_comes_on_day_thirty_five_and_once(nora, june, mailbox):
    june.move_to(datetime(2026, 7, 5, 9, 30, tzinfo=UTC))
    assert told(mailbox, nora, "2026-07-05") == []
    june.move_to(datetime(2026, 7, 6, 9, 30, tzinfo=UTC))
    assert told(mailbox, nora, "2026-07-06") == ["Something of yours is nearly empty"]
    assert told(mailbox, nora, "2026-07-07") == []
    mail = mailbox.last(nora.email)
    assert "Ostrel Retinal Night" in mail.text
    assert "/plan/" in mail.text


def silence(nora, why):
    """Makes the reason for which nothing may be said."""
    if why == "frozen":
        make_series(nora).frozen_on = clock.today()
    elif why == "pregnant":
        change_pregnancy(Subject(client_id=nora.id), pregnant=True, by="the tests")
    elif why == "bought":
        buy(nora, "RET-30")
    elif why == "quiet":
        stop_reminders(plan_of(nora), by="client")
    elif why == "declined":
        decline(plan_of(nora), "price", by="client")
    elif why == "case":
        open_case(nora)


def open_case(nora):
    facts = {"kind": "complaint", "content": {}, "due_at": clock.now(), "opened_at": clock.now(), "opened_by": "x"}
    db.session.add(Case(client_id=nora.id, cause="case:1", **facts))
    db.session.flush()


@pytest.mark.parametrize("why", ["frozen", "pregnant", "bought", "quiet", "declined", "case"])
def test_nothing_is_said_where_a_rule_or_the_client_forbids_it(nora, june, mailbox, why):
    june.move_to(datetime(2026, 7, 1, 9, 30, tzinfo=UTC))
    silence(nora, why)
    june.move_to(datetime(2026, 7, 6, 9, 30, tzinfo=UTC))
    assert told(mailbox, nora, "2026-07-06") == []


def test_a_plan_nobody_opened_is_mentioned_once_and_not_after_it_was_seen(app, june, mailbox):
    make_shelf()
    ada, ben = factories.make_client(name="Ada"), factories.make_client(name="Ben")
    for client in (ada, ben):
        send_plan(make_plan(client), by="user:1", seen=1)
    db.session.add(PlanEvent(plan_id=plan_of(ben).id, kind="seen", key="s", detail="", at=clock.now(), by="link"))
    june.shift(timedelta(days=4, hours=1))
    assert told(mailbox, ada, "2026-06-05") == ["Your plan is still here"]
    assert told(mailbox, ada, "2026-06-06") == []
    assert [mail.subject for mail in mailbox.to(ben.email)] == ["Your plan from Linden Row Skin Clinic"]


def test_the_queue_says_who_waits_and_why(nora, june, as_role):
    ada = factories.make_client(name="Ada Late")
    send_plan(make_plan(ada, content(essential("cream"), review_on="2026-06-20")), by="user:1", seen=1)
    june.move_to(datetime(2026, 7, 6, 9, 30, tzinfo=UTC))
    assert [(task.kind, task.client) for task in queue()] == [
        ("runs-out", "Nora Beck"),
        ("review", "Ada Late"),
        ("never-opened", "Ada Late"),
    ]
    plan = db.session.scalars(select(Plan).where(Plan.client_id == ada.id)).one()
    desk = as_role("consultant")
    page = desk.get("/admin/plans/waiting")
    assert "Ostrel Retinal Night lasts until about 13 July." in page.text
    assert desk.post(f"/admin/plans/{plan.id}/reviewed", data={"cause": "2026-07-06"}).status_code == 303
    assert [task.kind for task in queue()] == ["runs-out"]


def test_what_was_bought_from_a_plan_is_bought_also_by_a_guest_who_filled_the_bag_from_it(nora, june):
    assert [event.kind for event in db.session.scalars(select(PlanEvent).where(PlanEvent.kind == "bought"))] == ["bought"]
    ada, guest = factories.make_client(name="Ada"), factories.make_client(user=None, name="Ada")
    plan = make_plan(ada)
    send_plan(plan, by="user:1", seen=1)
    db.session.add(
        PlanEvent(
            plan_id=plan.id, kind="added", key=f"plan:{plan.id}:added:v1:bag:77", detail="", at=clock.now(), by="link"
        )
    )
    db.session.flush()
    order = buy(guest, "SKU-CREAM", bag_id=77)
    bought = db.session.scalars(select(PlanEvent).where(PlanEvent.plan_id == plan.id, PlanEvent.kind == "bought")).one()
    assert bought.detail == order.number


def test_the_queue_costs_the_same_for_two_plans_and_for_twelve(nora, june, statements):
    counts = []
    june.shift(timedelta(days=5))
    for more in (1, 10):
        for _ in range(more):
            client = factories.make_client()
            plan = make_plan(client)
            send_plan(plan, by="user:1", seen=1)
            buy(client, "RET-30")
        june.shift(timedelta(days=5))
        queue()
        with statements() as count:
            assert queue()
        counts.append(len(count))
    assert counts[0] == counts[1]


def test_a_request_is_opened_answered_once_and_becomes_a_file(app, as_consultant, client):
    from shop.storefront.models import ConsultationRequest
    from shop.storefront.requesting import request_consultation

    make_shelf()
    told = {"treatment": "meso-pigmentation", "message": "Since the summer"}
    asked = request_consultation("visit", name="Ada New", email="ada@example.com", phone="020 1", about=told)
    db.session.commit()
    page = as_consultant.get("/admin/plans/waiting").text
    assert "Ada New" in page
    assert "Since the summer" not in page
    assert "Since the summer" in as_consultant.get(f"/admin/plans/requests/{asked.id}").text
    answer = as_consultant.post(f"/admin/plans/requests/{asked.id}/file")
    assert "/admin/plans/new?client=" in answer.headers["Location"]
    assert as_consultant.post(f"/admin/plans/requests/{asked.id}/answered").status_code == 303
    assert as_consultant.post(f"/admin/plans/requests/{asked.id}/answered").status_code == 409
    assert db.session.scalars(select(ConsultationRequest.answered_at)).one() is not None
    assert "Ada New" not in as_consultant.get("/admin/plans/waiting").text
