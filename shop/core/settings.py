"""What a clinic may change without a developer: named settings with typed defaults, kept in one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock, keeping
from shop.core.db import Base, db
from shop.core.errors import Refused
from shop.core.history import record
from shop.core.keeping import kept

DEFAULTS: dict[str, Any] = {
    "clinic.name": "Linden Row Skin Clinic",
    "clinic.strapline": "Treatment and the care that makes it last",
    "clinic.legal_name": "Linden Row Skin Clinic Ltd",
    "clinic.company_number": "",
    "clinic.vat_number": "",
    "clinic.phone": "020 7946 0112",
    "clinic.email": "hello@example.com",
    "clinic.address": ["12 Linden Row", "London", "W1G 0AB"],
    "clinic.country": "GB",
    "clinic.hours": [["Monday to Friday", "9 am to 7 pm"], ["Saturday", "9 am to 4 pm"], ["Sunday", "closed"]],
    "clinic.emergency": "999",
    "clinic.demo": False,
    "clinic.mail_words": "",
    "look.accent": "",
    "look.accent_dark": "",
    "look.second": "",
    "look.second_dark": "",
    "look.logo": "",
    "look.logo_size": [],
    "look.logo_named": False,
    "setup.steps": {},
    "vat.registered": True,
    "vat.registered_from": "",
    "vat.percent": "20",
    "checkout.minimum_minor": 30,
    "checkout.hold_minutes": 35,
    "checkout.session_minutes": 31,
    "delivery.countries": ["GB", "IE", "FR", "DE", "NL", "ES", "IT"],
    "delivery.free_from_minor": 6000,
    "delivery.collect": True,
    "delivery.days_on_the_way": 5,
    "checkout.link_hours": 12,
    "delivery.cutoff": "14:00",
    "delivery.leaves_on": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    "delivery.away_from": "",
    "delivery.away_until": "",
    "delivery.packing_grams": 150,
    "delivery.service_code": "",
    "gift_cards.on": False,
    "gift_cards.amounts": ["25", "50", "100", "200"],
    "gift_cards.least_minor": 1000,
    "gift_cards.most_minor": 100000,
    "orders.number_prefix": "AG-",
    "wallet.free_extensions": 1,
    "wallet.extension_days": 60,
    "policy.late_terms": "pro-rata",
    "rules.bind": True,
    "intake.binds": True,
    "intake.valid_days": 90,
    "intake.consent_days": 365,
    "intake.patch_tests": ["addon:peel"],
    "intake.patch_wait_days": 2,
    "intake.patch_valid_days": 180,
    "cases.reaction_hours": 4,
    "cases.other_hours": 48,
    "visits.notice_hours": 48,
    "visits.lead_hours": 2,
    "visits.horizon_days": 180,
    "visits.step_minutes": 15,
    "visits.buffer_minutes": 10,
    "visits.session_minutes": 45,
    "visits.consultation_minutes": 30,
    "visits.review_minutes": 20,
    "visits.consultation_fee_minor": 0,
    "visits.fee_credit_days": 60,
    "visits.fee_hold_hours": 24,
    "visits.first_extra_minutes": 15,
    "visits.least_days": 7,
    "visits.late": "session",
    "visits.late_fee_minor": 0,
    "visits.no_show": "session",
    "visits.undo_minutes": 60,
    "visits.reminder_hours": 48,
    "visits.sms": False,
    "visits.recall_days": 90,
    "visits.clear_days": 14,
    "visits.waiting_days": 60,
    "staff.lock_minutes": 30,
    "clients.own_only": False,
    "reviews.on": False,
    "reviews.ask_days": 14,
    "wishes.on": False,
    "reminders.bag": False,
    "reminders.bag_hours": 24,
    "plans.commission_percent": 0,
    "plans.link_days": 60,
    "plans.unlock_months": 12,
    "reports.monday_mail": True,
    "stock.low_days": 14,
    "stock.order_days": 42,
    "stock.expiring_days": 90,
    "stock.minimum_days": 30,
    "stock.delivery_days": 3,
}


class Setting(Base):
    """One changed setting; what was never changed lives in DEFAULTS."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


def setting(key: str) -> Any:
    """The clinic's value, or the default. Raises KeyError for a name nobody declared."""
    default = DEFAULTS[key]
    return changed_settings().get(key, default)


def charges_vat() -> bool:
    """Whether what is sold today carries VAT: the clinic is registered, and its first day of it has come."""
    first = setting("vat.registered_from")
    return bool(setting("vat.registered")) and (not first or clock.today().isoformat() >= first)


def change_setting(key: str, value: Any, *, by: str) -> None:
    """Keep a new value; the type must match the default's. Raises Refused."""
    default = DEFAULTS[key]
    if type(value) is not type(default):
        raise Refused(f"{key} must be {type(default).__name__}.", field=key)
    row = db.session.get(Setting, key)
    was = row.value["is"] if row else default
    if row is None:
        row = Setting(key=key)
        db.session.add(row)
    row.value, row.changed_at, row.changed_by = {"is": value}, clock.now(), by
    record(f"setting:{key}", axis="value", was=str(was), now=str(value), by=by)
    forget()


def forget() -> None:
    """Read again at the next question: after a change here."""
    keeping.forget("settings")


def changed_settings() -> dict[str, Any]:
    """Everything that was ever changed; the same object until it is read anew."""
    return kept("settings", _read)


def _read(connection: Connection) -> dict[str, Any]:
    return {key: value["is"] for key, value in connection.execute(select(Setting.key, Setting.value))}
