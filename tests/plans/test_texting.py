"""Notes by text message beside the e-mail: where the clinic sends them, easy to stop, none where a rule forbids; and days left at home."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.models import User
from shop.core.clock import now
from shop.core.db import db
from shop.core.outbox import OutboxRow
from shop.core.settings import change_setting
from shop.plans import reminding
from shop.plans.answering import stop_reminders
from shop.plans.models import Plan
from shop.plans.sending import send_plan
from tests.plans.making import make_plan
from tests.plans.test_running_out import june, nora, open_case  # noqa: F401 (fixtures)
from tests.support.factories import make_client
from tests.support.people import browser_of


def texts():
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "sms").order_by(OutboxRow.id))
    return [row.payload if isinstance(row.payload, dict) else json.loads(row.payload) for row in rows]


@pytest.fixture
def reachable(nora):  # noqa: F811
    nora.phone = "07700 900123"
    change_setting("visits.sms", True, by="user:1")
    db.session.commit()
    return nora


@pytest.fixture
def july(clock):
    """The day on which the serum of the first of June is nearly empty."""
    return lambda: clock.shift(timedelta(days=35))


def plan():
    return db.session.scalars(select(Plan)).one()


def test_row_12_is_told_by_telephone_too_and_once(reachable, july):
    july()
    assert [reminding.tell_what_runs_out(), reminding.tell_what_runs_out()] == [1, 0]
    [text] = texts()
    assert text["to"] == "+447700900123"
    assert "Something of yours is nearly empty" in text["text"]
    assert "/plan/" in text["text"]
    assert "One button there stops these notes" in text["text"]
    assert "Retinal" not in text["text"]
    assert len(text["text"]) <= 320


def test_somebody_without_an_e_mail_address_is_told_by_telephone(reachable, july):
    reachable.email = ""
    july()
    reminding.tell_what_runs_out()
    assert len(texts()) == 1


def test_a_plan_that_nobody_opened_is_recalled_by_telephone(reachable, clock):
    send_plan(make_plan(make_client(phone="07700 900456")), by="user:1", seen=1)
    db.session.commit()
    clock.shift(timedelta(days=5))
    reminding.remind_unopened()
    [text] = [text for text in texts() if text["to"] == "+447700900456"]
    assert "Your plan is still here" in text["text"]


@pytest.mark.parametrize("why", ["stopped", "a case is open", "no number", "the clinic sends none", "forgotten"])
def test_no_text_message_where_there_must_be_none(reachable, july, why):
    if why == "stopped":
        stop_reminders(plan(), by="client:1")
    elif why == "a case is open":
        open_case(reachable)
    elif why == "no number":
        reachable.phone = ""
    elif why == "the clinic sends none":
        change_setting("visits.sms", False, by="user:1")
    else:
        reachable.erased_at = now()
    db.session.commit()
    july()
    reminding.tell_what_runs_out()
    assert texts() == []


def test_the_routine_of_today_says_how_long_each_thing_lasts(app, nora, clock):  # noqa: F811
    clock.shift(timedelta(days=30))
    page = browser_of(db.session.get(User, nora.user_id), app=app, person=nora).get("/account/routine").text
    assert f"Lasts about {12} more days" in page
    clock.shift(timedelta(days=60))
    assert (
        "Lasts about"
        not in browser_of(db.session.get(User, nora.user_id), app=app, person=nora).get("/account/routine").text
    )
