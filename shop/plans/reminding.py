"""Once a day the clients of plans hear what they may want to hear, and nothing that a rule or they themselves forbid."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from shop.accounts.models import Client, User
from shop.cases.standing import clients_with_open
from shop.core import clock, outbox, sms
from shop.core.db import db
from shop.core.handlers import fire
from shop.core.mail import send
from shop.core.settings import setting
from shop.plans.events import events_of, happened
from shop.plans.linking import draw_link
from shop.plans.models import Plan
from shop.plans.supplies import Supply, supplies_of
from shop.wallet.models import Credit

KIND, BY = "plans.daily", "worker"
UNOPENED_DAYS, LATEST_DAYS, BATCH = 4, 30, 500


def promise_today() -> None:
    """The worker's sweep says this each minute; the day's work is promised once."""
    today = clock.today().isoformat()
    outbox.put(KIND, {"day": today}, key=f"{KIND}:{today}")


def work(*, day: str) -> None:
    """Outbox handler."""
    remind_unopened()
    tell_what_runs_out()


def remind_unopened() -> int:
    """One note about a plan that nobody opened, once, between the fourth and the thirtieth day; says how many went out."""
    now = clock.now()
    waiting = select(Plan).where(
        Plan.state == "sent",
        Plan.quiet_at.is_(None),
        Plan.sent_at <= now - timedelta(days=UNOPENED_DAYS),
        Plan.sent_at > now - timedelta(days=LATEST_DAYS),
    )
    plans = list(db.session.scalars(waiting.order_by(Plan.id).limit(BATCH)))
    events = events_of(plan.id for plan in plans) if plans else {}
    silent = _silent({plan.client_id for plan in plans})
    told = 0
    for plan in plans:
        kinds = {event.kind for event in events.get(plan.id, ())}
        if plan.client_id in silent or kinds & {"seen", "bought", "reminded"}:
            continue
        if happened(plan.id, "reminded", key=f"v{plan.shown}", by=BY):
            _write("plan_waits", plan, subject="Your plan is still here", key=f"plan-waits:{plan.id}:{plan.shown}")
            told += 1
    return told


def tell_what_runs_out() -> int:
    """A week before something is empty, to whoever has a plan and did not stop the notes; once for each purchase."""
    plans = _newest_plans()
    told = 0
    for one in supplies_of(plans):
        if one.may_tell and one.nudge_on <= clock.today() <= one.runs_out_on:
            told += _tell(one, plans[one.client_id])
    return told


def _tell(supply: Supply, plan: Plan) -> bool:
    key = f"out:{supply.product_id}:{supply.bought_on.isoformat()}"
    if not happened(plan.id, "reminded", key=key, by=BY, detail="running out"):
        return False
    words = {"what": supply.name, "until": supply.runs_out_on.isoformat()}
    _write(
        "plan_runs_out", plan, subject="Something of yours is nearly empty", key=f"plan:{supply.client_id}:{key}", **words
    )
    return True


def _newest_plans() -> dict[int, Plan]:
    """client → the newest plan that is with them; whoever said no or wants no notes is left out."""
    sent = select(Plan).where(Plan.shown.is_not(None), Plan.state != "withdrawn").order_by(Plan.id)
    newest = {plan.client_id: plan for plan in db.session.scalars(sent)}
    return {id: plan for id, plan in newest.items() if plan.quiet_at is None and plan.state != "declined"}


def _silent(client_ids: set[int]) -> set[int]:
    """Nothing is advertised while a case is open or the sessions are paused."""
    if not client_ids:
        return set()
    frozen = select(Credit.client_id).where(Credit.client_id.in_(client_ids), Credit.frozen_on.is_not(None))
    return clients_with_open(client_ids) | set(db.session.scalars(frozen))


def _write(template: str, plan: Plan, *, subject: str, key: str, **words: str) -> None:
    """By e-mail, and by telephone where the clinic sends text messages: neither names a product or a treatment on a locked screen."""
    client = db.session.get_one(Client, plan.client_id)
    if client.erased_at is not None:
        return
    link = draw_link(plan, by=BY)
    if client.phone and not any(fire("mail.promotes", client_id=client.id)):
        text = f"{setting('clinic.name')}: {subject}. {link} One button there stops these notes."
        sms.send(text, phone=client.phone, key=key)
    if not client.email:
        return
    consultant = db.session.get_one(User, plan.consultant_id)
    facts = {"name": client.name, "consultant": consultant.name, "link": link, **words}
    send(template, to=client.email, subject=subject, key=key, promotes_to=client.id, **facts)
