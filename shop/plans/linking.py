"""The address that opens a plan without a sign-in: random, kept as a hash, ended by itself or by a person, dead alike in every way."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from flask import current_app
from sqlalchemy import Select, select, update

from shop.accounts.hashing import digest, draw_token
from shop.accounts.models import Client
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import NotFound
from shop.core.history import record
from shop.core.settings import setting
from shop.plans.codes import typed_code
from shop.plans.models import Plan, PlanLink

GONE = "This link does not open anything here any more. Ask the clinic for a new one."
LONGEST_TOKEN = 200


def draw_link(plan: Plan, *, by: str) -> str:
    """A new address, good for the days the clinic chose; older ones go on until they end."""
    token, now = draw_token(), clock.now()
    ends = now + timedelta(days=int(setting("plans.link_days")))
    db.session.add(PlanLink(plan_id=plan.id, token_hash=digest(token), made_at=now, expires_at=ends, by=by))
    db.session.flush()
    return f"{current_app.config['SHOP'].site_url}/plan/{token}"


def link_of(token: str) -> PlanLink:
    """The link a token opens. Raises NotFound, in the same words and after the same work, for every other.

    The token is looked up by its hash and compared in constant time, so that an answer's time tells nothing of a near miss.
    """
    wanted = digest(token[:LONGEST_TOKEN])
    row = db.session.scalars(_standing().where(PlanLink.token_hash == wanted)).first()
    if not compare_digest(row.token_hash if row else digest(""), wanted) or row is None:
        raise NotFound(GONE)
    return row


def link_still_open(link_id: int) -> PlanLink:
    """What a browser's cookie remembers, looked at anew each time: an ended link opens nothing. Raises NotFound."""
    row = db.session.scalars(_standing().where(PlanLink.id == link_id)).first()
    if row is None:
        raise NotFound(GONE)
    return row


def plan_by_code(text: str) -> Plan:
    """By the code of a printed sheet, while one of its links is open. Raises NotFound."""
    row = db.session.scalars(
        _standing().join(Plan).where(Plan.code == typed_code(text)).order_by(PlanLink.id.desc())
    ).first()
    if row is None:
        raise NotFound("No plan has this code. Please look at it once more, or ask the clinic.")
    return db.session.get_one(Plan, row.plan_id)


def newest_link(plan_id: int) -> PlanLink:
    """Raises NotFound."""
    row = db.session.scalars(_standing().where(PlanLink.plan_id == plan_id).order_by(PlanLink.id.desc())).first()
    if row is None:
        raise NotFound(GONE)
    return row


def links_of(plan_id: int) -> list[PlanLink]:
    return list(db.session.scalars(select(PlanLink).where(PlanLink.plan_id == plan_id).order_by(PlanLink.id.desc())))


def revoke_links(plan: Plan, *, by: str) -> int:
    """Every address of this plan is dead from now on; says how many were open."""
    mine = update(PlanLink).where(PlanLink.plan_id == plan.id, PlanLink.revoked_at.is_(None))
    ended = changed(mine.values(revoked_at=clock.now()))
    if ended:
        record(f"plan:{plan.id}", axis="links", was="open", now="revoked", by=by)
    return ended


def _standing() -> Select[PlanLink]:
    """Links that open something now: not ended, their plan sent, their person not forgotten."""
    people = select(Client.id).where(Client.erased_at.is_(None))
    plans = select(Plan.id).where(Plan.state.not_in(("draft", "withdrawn")), Plan.client_id.in_(people))
    return select(PlanLink).where(
        PlanLink.expires_at > clock.now(), PlanLink.revoked_at.is_(None), PlanLink.plan_id.in_(plans)
    )
