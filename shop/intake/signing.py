"""Nothing is sold before somebody stands for its rules: the medical lead signs what is in force for each treatment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from shop.care.loading import in_force
from shop.care.models import RuleSignature
from shop.core import clock
from shop.core.db import db
from shop.core.history import record
from shop.core.keeping import forget, kept
from shop.core.settings import setting

SIGNED = ("windows", "screening", "aftercare", "claims")
# A sentence of a page that is held against a newer rule harms nobody's skin: it asks for no new signature.
BINDING = ("windows", "screening", "aftercare")
NOT_YET = "Our medical lead is looking through the rules for this treatment. Once they are signed, it can be bought here."


def sign(treatment: str, *, by: str) -> RuleSignature:
    """The medical lead stands for everything that is in force for a treatment."""
    editions = {book: in_force(book) for book in SIGNED}
    signature = RuleSignature(treatment=treatment, editions=editions, signed_at=clock.now(), by=by)
    db.session.add(signature)
    record(f"treatment:{treatment}", axis="rules", was=None, now="signed", by=by, details=editions)
    db.session.flush()
    forget("rule-signatures")
    return signature


def signatures() -> dict[str, RuleSignature]:
    """treatment → the newest signature."""
    rows = db.session.scalars(select(RuleSignature).order_by(RuleSignature.id))
    return {row.treatment: row for row in rows}


def is_up_to_date(editions: Mapping[str, str] | None) -> bool:
    """Whether the rules in force are the ones that were signed."""
    return editions is not None and all(editions.get(book) == in_force(book) for book in BINDING)


def unsigned(treatments: Iterable[str]) -> set[str]:
    """Of these treatments, whose rules nobody stands for as they are today; no statement of its own."""
    wanted = set(treatments)
    if not wanted or not setting("rules.bind"):
        return set()
    newest = kept("rule-signatures", _newest)
    return {treatment for treatment in wanted if not is_up_to_date(newest.get(treatment))}


def _newest(connection: Connection) -> dict[str, Any]:
    newest = select(func.max(RuleSignature.id)).group_by(RuleSignature.treatment)
    rows = connection.execute(select(RuleSignature.treatment, RuleSignature.editions).where(RuleSignature.id.in_(newest)))
    return {row.treatment: row.editions for row in rows}
