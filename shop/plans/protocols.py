"""What a consultant begins from: the clinic's own protocols, those that colleagues share, and one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, or_, select

from shop.accounts.models import User
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import Refused
from shop.core.history import record
from shop.plans.lines import HABIT, KEEP, OPTIONAL, PACKAGE, PRODUCT, Content, Line
from shop.plans.models import Protocol

LONGEST_NAME = 80


@dataclass(frozen=True)
class Slot:
    """One line of a protocol: a step to be filled by the rules, or by the size named in `sku`."""

    kind: str = PRODUCT
    step: str = ""
    role: str = OPTIONAL
    when: str = ""
    amount: str = ""
    frequency: str = ""
    name: str = ""
    why: str = ""
    sku: str = ""


@dataclass(frozen=True)
class Outline:
    """A protocol as composing reads it."""

    concern: str = ""
    package: str = ""
    goal: str = ""
    message: str = ""
    review_weeks: int = 8
    slots: tuple[Slot, ...] = ()


def outline_of(protocol: Protocol) -> Outline:
    told: Mapping[str, Any] = protocol.content
    names = {one.name for one in fields(Slot)}
    slots = tuple(Slot(**{name: value for name, value in line.items() if name in names}) for line in told.get("lines", ()))
    return Outline(
        concern=protocol.concern,
        package=told.get("package", ""),
        goal=told.get("goal", ""),
        message=told.get("message", ""),
        review_weeks=int(told.get("review_weeks", 8)),
        slots=slots,
    )


def protocols_for(user_id: int) -> list[Protocol]:
    """Those of the clinic, shared ones, one's own, and those whose author has left; in their order."""
    return list(db.session.scalars(_open_to(user_id).order_by(Protocol.position, Protocol.name, Protocol.id)))


def get_protocol(protocol_id: int, *, user_id: int) -> Protocol:
    """Raises NotFound, also for what a colleague keeps for herself."""
    return one_or_404(_open_to(user_id).where(Protocol.id == protocol_id), "There is no such protocol.")


def keep_protocol(name: str, content: Content, *, owner_id: int | None, is_shared: bool, by: str) -> Protocol:
    """Make a protocol of what was written for somebody: no name, no reason that speaks of the person. Raises Refused."""
    named = " ".join(name.split())[:LONGEST_NAME]
    if not named:
        raise Refused("What shall the protocol be called?", field="protocol")
    lines = [_slot_of(line) for line in content.lines if line.kind in (PRODUCT, HABIT)]
    package = next((line.package for line in content.lines if line.kind == PACKAGE), "")
    told = {"package": package, "message": "", "review_weeks": 8, "lines": lines}
    facts = {"owner_id": owner_id, "is_shared": is_shared, "changed_at": clock.now(), "changed_by": by}
    protocol = Protocol(name=named, concern=content.concern, content=told, **facts)
    db.session.add(protocol)
    db.session.flush()
    record(f"protocol:{protocol.id}", axis="state", was=None, now="open", by=by)
    return protocol


def archive_protocol(protocol: Protocol, *, by: str) -> None:
    """Nobody begins from it any more; plans that did stay as they are."""
    if protocol.archived_at is None:
        protocol.archived_at = protocol.changed_at = clock.now()
        protocol.changed_by = by
        record(f"protocol:{protocol.id}", axis="state", was="open", now="archived", by=by)


def _slot_of(line: Line) -> dict[str, Any]:
    names = ("kind", "step", "role", "when", "amount", "frequency", "sku")
    facts = {name: getattr(line, name) for name in names}
    return facts | ({"name": line.name, "why": line.why} if line.kind in (HABIT, KEEP) else {})


def _open_to(user_id: int) -> Select[Any]:
    left = select(User.id).where(User.disabled_at.is_not(None))
    open_to = or_(
        Protocol.owner_id.is_(None),
        Protocol.is_shared.is_(True),
        Protocol.owner_id == user_id,
        Protocol.owner_id.in_(left),
    )
    return select(Protocol).where(Protocol.archived_at.is_(None), open_to)
