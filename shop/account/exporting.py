"""Everything the shop knows of a person, as JSON for that person; what only opens doors (hashes, secrets) stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, select

from shop.accounts.models import Address, Client, LetterChoice, MailToken, SignIn, User
from shop.bag.models import Bag, BagLine, CodeUse, GiftCard, GiftCardMove
from shop.cases.models import Case, CaseEntry
from shop.core import clock
from shop.core.db import Base, db
from shop.intake.models import (
    ChangeCheck,
    ClientFacts,
    ClientNote,
    CupboardItem,
    DiaryConsent,
    DiaryEntry,
    HealthReading,
    InformedConsent,
    PatchTest,
    Screening,
    ScreeningDraft,
    SealedFile,
    Unlock,
)
from shop.orders.models import Invoice, Order, OrderLine, Parcel, Withdrawal
from shop.payments.models import PaymentEvent, Refund
from shop.plans.models import Plan, PlanEvent, PlanItem, PlanLink, PlanMessage, PlanText, PlanVersion
from shop.reviews.models import Review, ReviewAsk
from shop.visits.models import CalendarFeed, TreatmentRecord, Visit, VisitWish
from shop.wallet.models import Credit, CreditMove
from shop.wishes.models import BagReminder, Wish

# What the reader has no use for or what would open doors; ids stay, because rows speak of each other by them.
LEFT_OUT = {
    "user_account": {"password_hash", "totp_secret", "totp_step"},
    "sign_in": {"token_hash"},
    "mail_token": {"token_hash", "facts"},
    "code_use": {"email_hash"},
    "bag": {"token_hash"},
    "gift_card": {"code_hash", "code"},  # whoever holds the code holds the money; it stands on the card itself
    "screening": {"browser_hash"},
    "screening_draft": {"key"},
    "client_facts": {"browser_hash"},
    "plan_link": {"token_hash"},
    "sealed_file": {"content"},  # a file of its own, to be opened from the page beside it
}
# Tables that name a person and are not handed out, with the reason.
NOT_EXPORTED = {
    "saved_filter": "how a member of staff likes to see a list",
    "substitute_offer": "what was asked about goods that were missing; the answer stands in the order's own history and lines",
    "pack_scan": "what was scanned while a parcel was packed, gone once it has left",
    "client_assignment": "who of the staff looks after a client: a fact of the clinic",
    "known_device": "a token that spares the second factor for a day, and nothing else",
    "staff_pin": "a few digits, hashed, that open the account on a tablet",
    "kept_form": "what somebody at work typed on a locked screen, for three days, theirs alone to open",
    "recovery_code": "codes that open the account",
    "plan_protocol": "a plan without a person, of the clinic or of a member of staff",
    "practitioner": "whose calendar it is: a fact of the clinic, not of a client",
}


def own_data(user_id: int, *, client_id: int | None) -> dict[str, Any]:
    """The rows of one person by table; a fixed number of statements."""
    found = {model.__tablename__: _rows(model, whose) for model, whose in exported(user_id, client_id)}
    return {"exported_at": clock.now().isoformat(), **found}


def exported(user_id: int, client_id: int | None) -> Iterator[tuple[type[Base], ColumnElement[bool]]]:
    """(table, whose rows) of all that is handed out."""
    orders = select(Order.id).where(Order.client_id == client_id)
    numbers = select(Order.number).where(Order.client_id == client_id)
    credits = select(Credit.id).where(Credit.client_id == client_id)
    bags = select(Bag.id).where(Bag.user_id == user_id)
    yield User, User.id == user_id
    yield Client, Client.user_id == user_id
    yield Address, Address.client_id == client_id
    yield SignIn, SignIn.user_id == user_id
    yield MailToken, MailToken.user_id == user_id
    yield Bag, Bag.user_id == user_id
    yield BagLine, BagLine.bag_id.in_(bags)
    yield Screening, Screening.client_id == client_id
    yield HealthReading, HealthReading.client_id == client_id
    for told in (
        ScreeningDraft,
        ClientFacts,
        ClientNote,
        ChangeCheck,
        InformedConsent,
        PatchTest,
        CupboardItem,
        Case,
        SealedFile,
        DiaryEntry,
        Unlock,
    ):
        yield told, told.client_id == client_id
    yield DiaryConsent, DiaryConsent.entry_id.in_(select(DiaryEntry.id).where(DiaryEntry.client_id == client_id))
    yield CaseEntry, CaseEntry.case_id.in_(select(Case.id).where(Case.client_id == client_id))
    yield LetterChoice, LetterChoice.client_id == client_id
    yield Review, Review.client_id == client_id
    yield ReviewAsk, ReviewAsk.order_id.in_(orders)
    yield Wish, Wish.client_id == client_id
    yield BagReminder, BagReminder.client_id == client_id
    yield Visit, Visit.client_id == client_id
    yield VisitWish, VisitWish.client_id == client_id
    yield TreatmentRecord, TreatmentRecord.client_id == client_id
    yield CalendarFeed, CalendarFeed.client_id == client_id
    yield CodeUse, CodeUse.client_id == client_id
    yield from _plans(client_id)
    yield Order, Order.client_id == client_id
    yield OrderLine, OrderLine.order_id.in_(orders)
    yield Parcel, Parcel.order_id.in_(orders)
    yield Withdrawal, Withdrawal.order_id.in_(orders)
    yield Invoice, Invoice.order_id.in_(orders)
    yield PaymentEvent, PaymentEvent.order_number.in_(numbers)
    yield Refund, Refund.order_number.in_(numbers)
    yield GiftCard, GiftCard.order_number.in_(numbers)
    yield GiftCardMove, GiftCardMove.card_id.in_(select(GiftCard.id).where(GiftCard.order_number.in_(numbers)))
    yield Credit, Credit.client_id == client_id
    yield CreditMove, CreditMove.credit_id.in_(credits)


def _plans(client_id: int | None) -> Iterator[tuple[type[Base], ColumnElement[bool]]]:
    plans = select(Plan.id).where(Plan.client_id == client_id)
    versions = select(PlanVersion.id).where(PlanVersion.plan_id.in_(plans))
    yield Plan, Plan.client_id == client_id
    for of_plan in (PlanVersion, PlanLink, PlanEvent, PlanMessage):
        yield of_plan, of_plan.plan_id.in_(plans)
    for of_version in (PlanText, PlanItem):
        yield of_version, of_version.version_id.in_(versions)


def _rows(model: type[Base], whose: ColumnElement[bool]) -> list[dict[str, Any]]:
    table = cast("Table", model.__table__)
    columns = [column for column in table.columns if column.name not in LEFT_OUT.get(model.__tablename__, ())]
    found = db.session.execute(select(*columns).where(whose).order_by(*table.primary_key.columns))
    return [{name: _plain(value) for name, value in row.items()} for row in found.mappings()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
