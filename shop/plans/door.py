"""Who stands before a plan: its client signed in, somebody with its link, and whether they have said who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import session
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.models import Client
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound
from shop.plans.linking import GONE, link_of, link_still_open
from shop.plans.models import Plan, PlanLink

LINK, SURE, OWN = "plan", "plan_sure", "plan_own"


@dataclass(frozen=True)
class Door:
    """`is_sure` once the person is known: signed in as the plan's client, or a code from their mailbox was typed."""

    plan: Plan
    client: Client
    is_sure: bool
    is_signed_in: bool

    @property
    def by(self) -> str:
        return f"client:{self.client.id}" if self.is_sure else "link"


def enter(token: str) -> None:
    """The token moves into the browser's cookie; from here on addresses and logs do not hold it. Raises NotFound."""
    step_in(link_of(token))


def step_in(link: PlanLink) -> None:
    """Raises NotFound for a person who is signed in as somebody else."""
    plan = db.session.get_one(Plan, link.plan_id)
    if current_user.client_id is not None and current_user.client_id != plan.client_id:
        raise NotFound(GONE)
    if session.get(LINK) != link.id:
        session.pop(SURE, None)
    session[LINK] = link.id
    session.pop(OWN, None)


def choose_own(code: str) -> None:
    """A client who is signed in opens one of their own. Raises NotFound."""
    mine = select(Plan.id).where(Plan.code == code, Plan.client_id == current_user.client_id, Plan.shown.is_not(None))
    session[OWN] = one_or_404(mine.where(Plan.state != "withdrawn"), GONE)


def door() -> Door:
    """Asked anew by each request, so that an ended link, or another sign-in, opens nothing more. Raises NotFound."""
    plan = _own() or _by_link()
    client = db.session.get_one(Client, plan.client_id)
    is_own = current_user.client_id is not None and current_user.client_id == client.id
    if current_user.client_id is not None and not is_own:
        raise NotFound(GONE)
    is_sure = is_own or (session.get(SURE) is not None and session.get(SURE) == session.get(LINK))
    return Door(plan, client, is_sure, is_own)


def has_door() -> bool:
    return session.get(LINK) is not None or session.get(OWN) is not None or current_user.client_id is not None


def be_sure() -> None:
    """The person has proved the mailbox; holds for this link in this browser."""
    session[SURE] = session.get(LINK)


def _own() -> Plan | None:
    """The one that was chosen, else, without a link, the newest of whoever is signed in."""
    if current_user.client_id is None:
        return None
    mine = select(Plan).where(Plan.client_id == current_user.client_id, Plan.shown.is_not(None), Plan.state != "withdrawn")
    if session.get(OWN) is not None:
        return db.session.scalars(mine.where(Plan.id == session[OWN])).first()
    if session.get(LINK) is not None:
        return None
    return db.session.scalars(mine.order_by(Plan.sent_at.desc(), Plan.id.desc())).first()


def _by_link() -> Plan:
    remembered: Any = session.get(LINK)
    if not isinstance(remembered, int):
        raise NotFound(GONE)
    return db.session.get_one(Plan, link_still_open(remembered).plan_id)
