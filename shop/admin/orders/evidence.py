"""Everything that answers a bank's question about an order, in one file: what was agreed, done, sent and said.

Health parts are only in it for those who may read them; their reading is logged by the view, before this is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from shop.admin.orders.showing import Sheet
from shop.core.db import db
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import day, time_of_day
from shop.core.texts import TextVersion
from shop.intake.models import Screening
from shop.orders.messages import messages_of
from shop.orders.models import Order
from shop.visits.models import Visit
from shop.wallet.models import Credit

VISITS = {"done": "took place", "no_show": "the client did not come", "cancelled": "cancelled"}
CONSENTS = {"consent-terms": "Terms accepted", "consent-adult": "Confirmed to be 18 or older"}


class Section(NamedTuple):
    """A heading with (label, text) rows; a row without a label goes on."""

    title: str
    rows: list[tuple[str, str]]


def evidence(sheet: Sheet, *, names_sessions: bool, reads_health: bool) -> list[Section]:
    """In the order in which a bank reads: who, what, agreed, delivered, used, said."""
    order = sheet.order
    found = [
        Section("The order", list(_order(sheet))),
        Section("What was bought", list(_lines(sheet))),
        Section("What was agreed to", list(_consents(order))),
        Section("The promise made before the purchase", list(_promise(order))),
        Section("Screening decisions", list(_decisions(order, reads_health=reads_health)) if names_sessions else []),
        Section("Visits", list(_visits(order, names_sessions=names_sessions))),
        Section("Goods that left", list(_parcels(sheet))),
        Section("Money", list(_money(sheet))),
        Section("E-mails", [(_at(one.promised_at), f"{one.subject} → {one.to}") for one in messages_of(order)]),
        Section("History", [(_at(one.at), _story(one)) for one in sheet.history]),
        Section("The terms that were accepted", list(_terms(order))),
    ]
    return [section for section in found if section.rows]


def _order(sheet: Sheet) -> Iterator[tuple[str, str]]:
    order = sheet.order
    yield "Shop", f"{setting('clinic.legal_name')}, {', '.join(setting('clinic.address'))}"
    yield "Order", order.number
    yield "Placed", _at(order.placed_at or order.made_at)
    yield "Buyer", f"{order.name}, {order.email}{', ' + order.phone if order.phone else ''}"
    if sheet.address:
        yield "Address", ", ".join(sheet.address)
    if order.for_someone:
        yield "Bought for", str(order.for_someone.get("name", ""))
    yield "Total", f"{money(order.total_minor, order.currency)}, of which VAT {money(order.vat_minor, order.currency)}"
    yield "Law", f"{order.jurisdiction}, version {order.promise.get('law_version', 'not kept')}"


def _lines(sheet: Sheet) -> Iterator[tuple[str, str]]:
    for line in sheet.lines:
        lot = f", lot {line.lot}" if line.lot else ""
        price = money(line.gross_minor, sheet.order.currency)
        yield f"{line.quantity} ×", f"{line.name}{lot}: {price}{', ' + line.note if line.note else ''}"


def _consents(order: Order) -> Iterator[tuple[str, str]]:
    for consent in order.consents:
        at = datetime.fromisoformat(consent["at"])
        yield _at(at), f"{CONSENTS.get(consent['kind'], consent['kind'])} (text version {consent['version']})"


def _promise(order: Order) -> Iterator[tuple[str, str]]:
    for said in order.promise.get("said", []):
        yield str(said.get("what", "")), str(said.get("sentence", ""))


def _decisions(order: Order, *, reads_health: bool) -> Iterator[tuple[str, str]]:
    """When the questions were answered, under which rules; the decision itself only for those who may read it."""
    ids = order.promise.get("screenings", [])
    for row in db.session.scalars(select(Screening).where(Screening.id.in_(ids)).order_by(Screening.id)):
        words = f"answered before payment, rules version {row.rules_version}, consent text version {row.consent_version}"
        if reads_health and row.withdrawn_at is None:
            words += f"; decision: {row.decision.get('decision', row.decision) if row.decision else 'none'}"
        yield _at(row.made_at), words


def _visits(order: Order, *, names_sessions: bool) -> Iterator[tuple[str, str]]:
    rows = select(Visit, Credit).join(Credit, Credit.id == Visit.credit_id).where(Credit.order_number == order.number)
    for visit, credit in db.session.execute(rows.order_by(Visit.starts_at, Visit.id)):
        name = credit.name if names_sessions else credit.statement_name
        yield _at(visit.starts_at), f"{name}: {VISITS.get(visit.state, visit.state)} ({visit.number})"


def _parcels(sheet: Sheet) -> Iterator[tuple[str, str]]:
    names = {line.id: line for line in sheet.lines}
    for parcel, link in sheet.parcels:
        if parcel.left_at is None:
            continue
        inside = [(names.get(int(line_id)), units) for line_id, units in parcel.lines]
        said = [f"{units} × {line.name}{', lot ' + line.lot if line.lot else ''}" for line, units in inside if line]
        way = f"by {parcel.carrier} {parcel.tracking}".strip() if parcel.delivery == "ship" else "handed over at the clinic"
        yield _at(parcel.left_at), f"{way}: {'; '.join(said)}{' · ' + link if link else ''}"


def _money(sheet: Sheet) -> Iterator[tuple[str, str]]:
    for event in sheet.events:
        yield _at(event.at), f"{event.kind.replace('_', ' ')}: {money(event.amount_minor, event.currency)} ({event.tender})"


def _terms(order: Order) -> Iterator[tuple[str, str]]:
    """The very words, as they stood in the version that was accepted."""
    for consent in order.consents:
        wanted = select(TextVersion).where(
            TextVersion.kind == consent["kind"], TextVersion.version == int(consent["version"])
        )
        text = db.session.scalars(wanted).first()
        if text is not None:
            yield f"{text.title}, version {text.version}", text.body_md


def _story(moment: Any) -> str:
    return " · ".join(part for part in (moment.words, moment.by, moment.note) if part)


def _at(moment: datetime) -> str:
    return f"{day(moment, weekday=False, year=True)}, {time_of_day(moment)}"
