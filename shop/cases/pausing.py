"""While a reaction is looked at its series rests, and goes on when a person says so."""

from __future__ import annotations

from sqlalchemy import or_, select

from shop.cases.models import Case
from shop.core import clock
from shop.core.db import db
from shop.wallet import moving, periods
from shop.wallet.models import Credit

REASON = "The clinic asked for a pause."  # the ledger is no place for why


def pause_sessions(case: Case, *, by: str, treatment_id: int | None = None) -> int:
    """The series concerned: what the client owns of this treatment, with its add-ons; without a treatment everything.

    What is paused or over already is left alone. Returns how many; locks them in order of id.
    """
    open_ones = (Credit.client_id == case.client_id, Credit.frozen_on.is_(None), Credit.expires_on >= clock.today())
    left = Credit.free + Credit.held - Credit.reserved > 0
    rows = select(Credit.id).where(*open_ones, left)
    if treatment_id is not None:
        of_it = select(Credit.id).where(Credit.client_id == case.client_id, Credit.treatment_id == treatment_id)
        rows = rows.where(or_(Credit.treatment_id == treatment_id, Credit.parent_id.in_(of_it)))
    ids = list(db.session.scalars(rows.order_by(Credit.id)))
    for credit_id in ids:
        periods.freeze(credit_id, cause=_cause(case, credit_id), by=by, reason=REASON)
    db.session.expire_all()
    return len(ids)


def resume_sessions(case: Case, *, by: str) -> int:
    """What this case paused goes on; what was paused for another reason stays. Returns how many."""
    mine = _paused(case)
    for credit_id in mine:
        periods.unfreeze(credit_id, cause=f"{_cause(case, credit_id)}:over", by=by)
    db.session.expire_all()
    return len(mine)


def has_paused(case: Case) -> bool:
    """Whether something is paused still because of this case."""
    return bool(_paused(case))


def _paused(case: Case) -> list[int]:
    paused = select(Credit.id).where(Credit.client_id == case.client_id, Credit.frozen_on.is_not(None))
    ids = list(db.session.scalars(paused.order_by(Credit.id)))
    return [id for id in ids if moving.found(_cause(case, id)) and not moving.found(f"{_cause(case, id)}:over")]


def _cause(case: Case, credit_id: int) -> str:
    return f"case:{case.id}:{credit_id}"
