"""Part-used packages: what is left of them, what was paid for each session, and until when they hold."""

from __future__ import annotations

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import money
from shop.core.settings import charges_vat, setting
from shop.imports.moving.shapes import NEW, SAME, Facts, amount, client_of, day, package_of, whole
from shop.imports.reading import Line
from shop.wallet.models import Credit
from shop.wallet.moving_in import bring_in

COLUMNS = ("client", "package", "sessions", "left", "paid_each", "bought_on", "expires_on")
EXAMPLE = ("nora@example.com", "hair-6", "6", "4", "90.00", "2026-08-03", "2027-08-02")


def bring(line: Line, facts: Facts) -> tuple[str, str]:
    """Returns (new or same, the words for it). Raises Refused."""
    client, package = client_of(line), package_of(line)
    sessions, left = whole(line, "sessions"), whole(line, "left")
    if left > sessions:
        raise Refused("No more can be left than there were.", field="left")
    each = amount(line, "paid_each", facts.currency)
    bought_on, expires_on = day(line, "bought_on"), day(line, "expires_on")
    if bought_on > clock.today():
        raise Refused("It cannot have been bought in the future.", field="bought_on")
    if expires_on < clock.today():
        raise Refused("They could not be used any more: agree a later day first.", field="expires_on")
    words = f"{client.name}: {left} of {sessions} left of {package.name}, worth {money(each * left, facts.currency)}"
    cause = f"moved-in:{client.id}:{package.slug}:{bought_on}:{sessions}"
    if cause in facts.seen:
        raise Refused("This package stands in the file twice.", field="package")
    facts.seen.add(cause)
    if db.session.scalar(select(Credit.id).where(Credit.cause == cause)) is not None:
        return SAME, words
    bring_in(
        client.id,
        name=package.name,
        statement_name=package.statement_name,
        sessions=sessions,
        left=left,
        each_minor=each,
        vat_percent=setting("vat.percent") if charges_vat() else "0",
        currency=facts.currency,
        bought_on=bought_on,
        expires_on=expires_on,
        cause=cause,
        by=facts.by,
        package_id=package.id,
        treatment_id=package.treatment_id,
        area=package.area,
        gaps=list(package.gaps),
    )
    return NEW, words
