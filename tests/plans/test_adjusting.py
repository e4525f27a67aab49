"""The queue hears that a routine is hard to keep, where the client tells the consultant, and forgets it once somebody has looked."""

from datetime import timedelta

import pytest

from shop.core import clock as shop_clock
from shop.core.db import db
from shop.intake import diary
from shop.plans.following import queue
from shop.plans.sending import send_plan
from tests.plans.making import make_plan, make_shelf
from tests.support.factories import make_client


@pytest.fixture
def plan(app, clock):
    make_shelf()
    plan = make_plan(make_client())
    send_plan(plan, by="user:1", seen=1)
    db.session.commit()
    clock.shift(timedelta(days=1))
    return plan


def tell(plan, adherence, purposes=("consultant",)):
    by = f"client:{plan.client_id}"
    return diary.write_entry(
        plan.client_id, day=shop_clock.today(), adherence=adherence, purposes=purposes, by=by, words="Too many steps"
    )


def kinds():
    return [task.kind for task in queue()]


def test_hardly_is_one_line_without_the_words_and_a_better_day_ends_it(plan, clock):
    tell(plan, "hardly")
    [task] = queue()
    assert (task.kind, task.plan_id) == ("adjust", plan.id)
    assert "steps" not in task.words
    clock.shift(timedelta(days=1))
    tell(plan, "most")
    assert kinds() == []


@pytest.mark.parametrize(("adherence", "purposes"), [("hardly", ()), ("hardly", ("record",)), ("some", ("consultant",))])
def test_what_was_not_told_to_the_consultant_says_nothing(plan, adherence, purposes):
    tell(plan, adherence, purposes)
    assert kinds() == []


def test_taking_it_back_or_looking_again_ends_it(plan, clock, as_consultant):
    entry = tell(plan, "hardly")
    assert kinds() == ["adjust"]
    diary.take_back(entry, "consultant", by="client:1")
    assert kinds() == []
    diary.allow(entry, "consultant", by="client:1")
    db.session.commit()
    clock.shift(timedelta(minutes=5))
    assert as_consultant.post(f"/admin/plans/{plan.id}/reviewed").status_code == 303
    assert kinds() == []


def test_a_note_is_never_for_teaching_or_advertising(plan):
    entry = tell(plan, "hardly", ("record", "teaching", "advertising"))
    assert diary.allowed([entry.id])[entry.id] == {"record"}
