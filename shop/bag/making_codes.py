"""A discount code is made, changed and ended; what it took off an order stays there as it was."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from shop.bag.codes import tidy
from shop.bag.models import DiscountCode
from shop.catalog.models import Concern
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record

_TAKES = ("note", "percent", "amount_minor", "kinds", "concerns", "brands", "packages", "least_minor")
FACTS = (*_TAKES, "starts_on", "ends_on", "limit_each", "limit_all")
KINDS = {"": (), "sessions": ("package", "addon"), "goods": ("variant",)}


def make_code(name: str, facts: Mapping[str, Any], *, by: str) -> DiscountCode:
    """Raises Refused naming the field: a name that is taken or tells too much, a share that is none, days in no order."""
    tidied = tidy(name)
    if not tidied:
        raise Refused("Letters, digits and dashes only, 3 to 32 of them: SPRING-10.", field="name")
    if db.session.scalar(select(DiscountCode.id).where(DiscountCode.name == tidied)) is not None:
        raise Refused(f"There is a code {tidied} already.", field="name")
    _refuse_telling(tidied)
    code = DiscountCode(name=tidied, made_at=clock.now(), made_by=by, uses=0, **_checked(facts))
    db.session.add(code)
    db.session.flush()
    record(f"code:{code.id}", axis="state", was=None, now="open", by=by, note=tidied)
    return code


def change_code(code: DiscountCode, facts: Mapping[str, Any], *, by: str) -> bool:
    """Keep the new facts for the orders to come. False when nothing changed; Conflict for a code that has ended."""
    if code.ended_at is not None:
        raise Conflict("This code has ended. Make a new one.")
    checked = _checked(facts)
    moved = {
        name: [str(getattr(code, name)), str(value)] for name, value in checked.items() if getattr(code, name) != value
    }
    for name in moved:
        setattr(code, name, checked[name])
    if moved:
        record(f"code:{code.id}", axis="facts", was=None, now=", ".join(sorted(moved)), by=by, details=moved)
    return bool(moved)


def end_code(code: DiscountCode, *, by: str) -> None:
    """Orders whose payment page is open keep what they were promised. Raises Conflict the second time."""
    if code.ended_at is not None:
        raise Conflict("This code has ended before.")
    code.ended_at = clock.now()
    record(f"code:{code.id}", axis="state", was="open", now="ended", by=by)


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: facts[name] for name in FACTS}
    if (given["percent"] is None) == (given["amount_minor"] is None):
        raise Refused("Say either how many per cent or how much it takes off.", field="percent")
    if given["percent"] is not None:
        given["percent"] = _share(given["percent"])
    elif given["amount_minor"] < 1:
        raise Refused("It takes off more than nothing.", field="amount")
    if given["starts_on"] and given["ends_on"] and given["ends_on"] < given["starts_on"]:
        raise Refused("The last day is before the first.", field="ends_on")
    return given


def _share(text: str) -> str:
    try:
        share = Decimal(text)
    except InvalidOperation:
        raise Refused("Write the share in figures: 10 or 12.5.", field="percent") from None
    if not share.is_finite() or not 0 < share <= 100 or share != round(share, 2):
        raise Refused("A share lies above 0 and up to 100 per cent, with two decimals at most.", field="percent")
    return f"{share.normalize():f}"


def _refuse_telling(name: str) -> None:
    """It stands on receipts and in e-mails, where nobody should read what somebody is treated for."""
    for slug in db.session.scalars(select(Concern.slug)):
        if slug.replace("-", "").upper() in name.replace("-", "").replace("_", ""):
            raise Refused("The code stands on receipts: it must not name a concern.", field="name")
