"""A small clinic with calendars, for the tests of visits: Monday to Saturday, 9 to 17, a break at 13:00."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any

from shop.accounts.models import Client
from shop.catalog.models import AddOn, Package, Treatment
from shop.core import clock
from shop.core.db import db
from shop.core.texts import publish
from shop.visits.booking import Choice, book
from shop.visits.matters import matter_of
from shop.visits.models import Practitioner, Room, Visit, WorkingHours, practitioner_treatment
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit
from tests.support.factories import make_addon, make_client, make_package, make_treatment

_number = count(1)
NINE, FIVE = 9 * 60, 17 * 60
LUNCH = [[13 * 60, 13 * 60 + 30]]


def make_room(**given: Any) -> Room:
    return _keep(Room(**{"name": f"Room {next(_number)}"} | given))


def make_practitioner(*treatments: Treatment, weekdays: Sequence[int] = range(6), **given: Any) -> Practitioner:
    hours = {"from_minute": given.pop("from_minute", NINE), "to_minute": given.pop("to_minute", FIVE)}
    breaks = given.pop("breaks", LUNCH)
    who = _keep(Practitioner(**{"name": f"Practitioner {next(_number)}"} | given))
    for weekday in weekdays:
        db.session.add(WorkingHours(practitioner_id=who.id, weekday=weekday, breaks=breaks, **hours))
    for treatment in treatments:
        db.session.execute(practitioner_treatment.insert().values(practitioner_id=who.id, treatment_id=treatment.id))
    db.session.flush()
    return who


def make_credit(
    client: Client | None = None,
    *,
    package: Package | None = None,
    sessions: int = 6,
    gaps: list[Any] | None = None,
    addons: Sequence[AddOn] = (),
    order_number: str | None = None,
    days: int = 365,
    **given: Any,
) -> Credit:
    """Sessions of one package, 90.00 each, bought today; with one add-on session for each."""
    owner, n = client or make_client(), next(_number)
    package = package or make_package(sessions=sessions)
    same = {
        "sessions": sessions,
        "units": [[[f"line:{n}", 9000, 1500]]] * sessions,
        "currency": "GBP",
        "validity_days": days,
    }
    wanted = [
        Grant(
            cause=f"line:{n}",
            name=f"Series {n}",
            statement_name=f"Skin sessions ({sessions})",
            gaps=package.gaps if gaps is None else gaps,
            package_id=package.id,
            treatment_id=package.treatment_id,
            **same,
        )
    ]
    for addon in addons:
        names = {"name": addon.name, "statement_name": "Extra", "addon_id": addon.id}
        wanted.append(Grant(cause=f"line:{n}:{addon.slug}", kind="addon", parent_cause=f"line:{n}", **names, **same))
    credit = grant(owner.id, wanted, order_number=order_number, by="test")[0]
    for name, value in given.items():
        setattr(credit, name, value)
    db.session.flush()
    return credit


def open_clinic(
    *, rooms: int = 1, practitioners: int = 1, sessions: int = 6, gaps: list[Any] | None = None, **given: Any
) -> Credit:
    """One treatment, who gives it, where, and a client's sessions of it. The consent to an early start is published."""
    treatment = make_treatment()
    addons = [make_addon(slug, treatments=[treatment]) for slug in given.pop("addons", ())]
    for _ in range(rooms):
        make_room()
    for _ in range(practitioners):
        make_practitioner(treatment)
    publish("consent-early-start", title="Starting early", body_md="I ask you to begin.", by="test")
    package = make_package(treatment, sessions=sessions)
    credit = make_credit(package=package, sessions=sessions, gaps=gaps, addons=addons, **given)
    db.session.commit()
    return credit


def at(day: date | str, hour: int = 10, minute: int = 0) -> datetime:
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return clock.at_local(on, time(hour, minute))


def book_at(credit: Credit, day: date | str, hour: int = 10, minute: int = 0, **given: Any) -> Visit:
    """A session at that time, booked by the client."""
    choice = Choice(starts_at=at(day, hour, minute), **given)
    visit = book(matter_of(credit), choice, cause=f"test:{next(_number)}", by=f"client:{credit.client_id}")
    db.session.commit()
    return visit


def make_same(credit: Credit) -> Credit:
    """Another client with the same kind of sessions."""
    other = make_credit(sessions=6)
    other.treatment_id, other.gaps = credit.treatment_id, credit.gaps
    db.session.flush()
    return other


def _keep(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
