"""Clients and plans as this desk reaches them: by right, and each reading of what was told leaves a row."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.assigning import seen_by
from shop.accounts.models import Client
from shop.core.db import db, one_or_404
from shop.core.history import actor
from shop.intake.reading import log_reading
from shop.plans.models import Plan

GONE = "There is no such plan."
LARGEST = 2**53


def reach_client(client_id: int, *, subject: str = "plan:new") -> Client:
    """The client, after the reading is written down. Raises NotFound."""
    wanted = select(Client).where(Client.id == min(client_id, LARGEST), Client.erased_at.is_(None))
    client = one_or_404(wanted.where(seen_by(current_user, Client.id)), "There is no such client.")
    _log(client.id, subject)
    return db.session.get_one(Client, client.id)


def reach_plan(plan_id: int) -> Plan:
    """The plan, after the reading is written down. Raises NotFound."""
    living = select(Client.id).where(Client.erased_at.is_(None))
    wanted = select(Plan).where(Plan.id == min(plan_id, LARGEST), Plan.client_id.in_(living))
    wanted = wanted.where(seen_by(current_user, Plan.client_id))
    client_id = one_or_404(wanted, GONE).client_id
    _log(client_id, f"plan:{plan_id}")
    return one_or_404(wanted, GONE)


def _log(client_id: int, subject: str) -> None:
    if request.method not in ("GET", "HEAD"):
        db.session.rollback()  # the log writes apart, and this session's first query holds the lock it needs
    log_reading(by=actor(current_user), client_id=client_id, subject=subject, why="advice")
