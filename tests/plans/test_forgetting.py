"""Whoever is forgotten leaves no word behind: versions keep their sums, their texts are gone."""

from sqlalchemy import select, text

from shop.account.erasing import erase
from shop.accounts.models import User
from shop.core.db import db
from shop.intake.models import Unlock
from shop.plans.models import PlanLink, PlanMessage, PlanText, PlanVersion
from shop.plans.sending import send_plan
from tests.plans.making import content, essential, habit, make_plan, make_shelf
from tests.support import factories


def test_a_forgotten_client_s_plans_say_nothing_any_more(app, as_consultant):
    make_shelf()
    nora, other = factories.make_client(name="Nora"), factories.make_client()
    plan, kept = make_plan(nora, content(essential("cream"), habit("Canary 5512"))), make_plan(other)
    send_plan(plan, by="user:1", seen=1)
    db.session.add(
        PlanMessage(plan_id=plan.id, side="client", words="Canary 5512", by="client", cause="c" * 20, made_at=plan.made_at)
    )
    db.session.flush()
    erase(db.session.get_one(User, nora.user_id), client_id=nora.id, by="the tests")
    db.session.commit()
    versions = dict(db.session.execute(select(PlanVersion.plan_id, PlanVersion.total_minor)).all())
    assert versions[plan.id] == 2400
    left = db.session.scalars(select(PlanText.version_id)).all()
    assert len(left) == 1
    assert db.session.scalars(select(PlanMessage)).all() == []
    assert db.session.scalars(select(Unlock)).all() == []
    assert all(one is not None for one in db.session.scalars(select(PlanLink.revoked_at)))
    assert as_consultant.get(f"/admin/plans/{plan.id}").status_code == 404
    assert as_consultant.get(f"/admin/plans/{kept.id}").status_code == 200
    assert db.session.execute(text("select count(*) from plan_event")).scalar() == 1
