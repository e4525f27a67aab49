"""Questions about a plan and their answers: a thread between one client and the clinic, sealed."""

from __future__ import annotations

from sqlalchemy import select, update

from shop.accounts.models import Client, User
from shop.core import clock
from shop.core.db import changed, db, insert_once
from shop.core.errors import Refused
from shop.core.mail import send
from shop.core.settings import setting
from shop.plans.linking import draw_link
from shop.plans.models import Plan, PlanMessage

LONGEST = 2000


def thread_of(plan_id: int) -> list[PlanMessage]:
    """The oldest first."""
    return list(db.session.scalars(select(PlanMessage).where(PlanMessage.plan_id == plan_id).order_by(PlanMessage.id)))


def ask(plan: Plan, words: str, *, by: str, cause: str) -> bool:
    """The client writes; the consultant hears that there is a question and not what it says. Raises Refused."""
    if not _say(plan, "client", words, by=by, cause=cause):
        return False
    consultant = db.session.get_one(User, plan.consultant_id)
    to = consultant.email if consultant.disabled_at is None else setting("clinic.email")
    link = f"/admin/plans/{plan.id}"
    send("plan_asked", to=to, subject="A question about a plan", key=f"plan-asked:{cause}", path=link)
    return True


def answer(plan: Plan, words: str, *, by: str, cause: str) -> None:
    """The clinic writes; every open question of the thread is answered with it. Raises Refused."""
    if not _say(plan, "clinic", words, by=by, cause=cause):
        return
    mine = update(PlanMessage).where(PlanMessage.plan_id == plan.id, PlanMessage.answered_at.is_(None))
    changed(mine.where(PlanMessage.side == "client").values(answered_at=clock.now()))
    client = db.session.get_one(Client, plan.client_id)
    if client.email and plan.state not in ("draft", "withdrawn"):
        facts = {"name": client.name, "link": draw_link(plan, by=by)}
        send("plan_answered", to=client.email, subject="Your question is answered", key=f"plan-answered:{cause}", **facts)


def _say(plan: Plan, side: str, words: str, *, by: str, cause: str) -> bool:
    said = words.strip()
    if not said:
        raise Refused("Write a few words first.", field="words")
    if len(said) > LONGEST:
        raise Refused(f"Please keep it to {LONGEST} characters; call us for more.", field="words")
    facts = {"plan_id": plan.id, "side": side, "words": said, "by": by, "made_at": clock.now()}
    return insert_once(PlanMessage, unique="cause", cause=f"plan:{plan.id}:{cause}", **facts)
