"""Settings as staff type them: each field follows the type of the setting's default."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterable
from typing import Any

from flask import current_app
from wtforms import BooleanField, Field, SelectField
from wtforms.validators import InputRequired, Length

from shop.admin.choosing import choices
from shop.admin.fields import MoneyField, TextField
from shop.admin.settings.checking import CHOICES
from shop.core.forms import LineField, ShopForm, WholeField
from shop.core.money import money
from shop.core.settings import DEFAULTS, setting

GROUPS = {
    "clinic": "The clinic",
    "vat": "VAT",
    "delivery": "Delivery",
    "checkout": "Checkout",
    "orders": "Orders",
    "stock": "Stock",
    "wallet": "Prepaid sessions",
    "policy": "Cancelling",
    "visits": "Visits",
    "intake": "Screening",
    "cases": "Cases",
    "gift_cards": "Gift cards",
    "reviews": "Reviews",
    "wishes": "Wish list",
    "reminders": "Reminders",
    "plans": "Plans",
    "reports": "Reports",
    "clients": "Clients",
    "staff": "Staff",
}
LOOK = ("accent", "accent_dark", "second", "second_dark", "logo", "logo_size", "logo_named")
HIDDEN = {
    "clinic.demo",
    "payments.mode",
    "setup.steps",
    *(f"look.{name}" for name in LOOK),
    "rules.bind",
}  # the last: whose signature counts is no setting of a shop
LABELS = {
    "visits.consultation_fee_minor": "Consultation fee, paid ahead as a deposit (0 is free of charge)",
    "visits.fee_hold_hours": "A client’s time is kept so many hours without its fee (0: pay at the appointment)",
    "visits.late_fee_minor": "Fee for calling off late, where “late” says fee; said at booking, paid by a link",
    "visits.fee_credit_days": "The fee comes off a series within so many days (0: never)",
    "clients.own_only": "A consultant sees only her own clients and those that are nobody’s",
    "gift_cards.on": "Gift cards are sold",
    "reviews.on": "Buyers can review products, and the product pages show what they say",
    "reviews.ask_days": "A buyer is asked so many days after the goods arrived",
    "wishes.on": "Clients who are signed in can keep products for later",
    "reminders.bag": "Clients who ask for it are reminded once of a bag they left",
    "reminders.bag_hours": "A bag counts as left after so many hours",
    "clinic.mail_words": "What stands at the end of every e-mail",
    "staff.lock_minutes": "A screen that nobody touches locks after so many minutes (30 at most)",
    "visits.waiting_days": "A client stays on the waiting list for so many days",
    "visits.sms": "Reminders of visits and plans also as a text message, where a number is known",
    "clinic.vat_number": "VAT number",
    "clinic.hours": "Hours: days | times, one line each",
    "clinic.address": "Address, one line each",
    "delivery.countries": "Countries we send to, one code each line",
    "delivery.free_from_minor": "Free from",
    "delivery.cutoff": "Parcels leave the same day when ordered before",
    "delivery.leaves_on": "Parcels leave on, one weekday each line",
    "delivery.away_from": "Away from, like 2026-12-24",
    "delivery.away_until": "Away until, the last day away; empty when not away",
    "delivery.packing_grams": "The empty box weighs, in grams",
    "delivery.service_code": "Royal Mail service code for the carrier file",
    "checkout.minimum_minor": "Smallest card payment",
    "vat.registered": "Registered for VAT",
    "vat.registered_from": "Registered from, like 2026-04-01; empty when it always was so",
    "policy.late_terms": "After the legal days, a session not used is worth",
    "cases.reaction_hours": "A reaction is answered within, in hours",
    "cases.other_hours": "Everything else is answered within, in hours",
    "reports.monday_mail": "On Monday at 8 the owner gets the figures of the week by e-mail",
    "stock.low_days": "Running low below, in days of sales",
    "stock.order_days": "An order to a supplier lasts, in days of sales",
    "stock.expiring_days": "Ending soon within, in days",
}


def keys_of(group: str) -> list[str]:
    """The settings of a group that a clinic may change."""
    return [key for key in DEFAULTS if key.partition(".")[0] == group and key not in HIDDEN]


def groups() -> dict[str, str]:
    """Those that have settings, in the order of the page; one that nobody named yet comes last under its own name."""
    known = dict.fromkeys([*GROUPS, *(key.partition(".")[0] for key in DEFAULTS)])
    return {group: GROUPS.get(group, group.capitalize()) for group in known if keys_of(group)}


def form_of(keys: Iterable[str], *, sent: bool) -> ShopForm:
    """A form with one field for each setting; as it stands, or as it was sent."""

    class SettingsForm(ShopForm):
        pass

    for key in keys:
        setattr(SettingsForm, name_of(key), _field(key))
    if sent:
        return SettingsForm()
    form = SettingsForm(formdata=None)
    for key in keys:
        form[name_of(key)].process_data(_shown(key, setting(key)))
    return form


def read(form: ShopForm, keys: Iterable[str]) -> dict[str, Any]:
    """Setting → value, of the type that its default has."""
    return {key: _value(key, form[name_of(key)]) for key in keys}


def name_of(key: str) -> str:
    """The field's name: WTForms takes no dot."""
    return key.replace(".", "__")


def label_of(key: str) -> str:
    words = key.partition(".")[2].removesuffix("_minor").replace("_", " ").capitalize()
    return LABELS.get(key, words)


def said(key: str, value: Any) -> str:
    """A value in words, for the list of what changed and for reading."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key.endswith("_minor"):
        return money(value, current_app.config["SHOP"].currency)
    if isinstance(value, list):
        return ", ".join(": ".join(item) if isinstance(item, list) else str(item) for item in value)
    return str(value)


def told(key: str, kept: str | None) -> str:
    """A value as the history keeps it (the text of its type), in words."""
    default = DEFAULTS.get(key)
    if kept is None or isinstance(default, str):
        return kept or ""
    try:
        return said(key, literal_eval(kept))
    except (ValueError, SyntaxError):
        return kept


def _field(key: str) -> Any:
    default, label = DEFAULTS[key], label_of(key)
    if key in CHOICES:
        return SelectField(label, choices=choices({name: name.replace("-", " ") for name in CHOICES[key]}))
    if isinstance(default, bool):
        return BooleanField(label)
    if key.endswith("_minor"):
        return MoneyField(label, [InputRequired("Write the amount in figures.")])
    if isinstance(default, int):
        return WholeField(label, [InputRequired("A whole number.")])
    return TextField(label, [Length(max=4000)]) if isinstance(default, list) else LineField(label, [Length(max=300)])


def _shown(key: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return "\n".join(" | ".join(item) if isinstance(item, list) else str(item) for item in value)


def _value(key: str, field: Field) -> Any:
    default = DEFAULTS[key]
    if isinstance(field, MoneyField):
        return field.minor or 0
    if isinstance(default, list):
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        pairs = bool(default) and isinstance(default[0], list)
        return [[part.strip() for part in line.partition("|")[::2]] for line in lines] if pairs else lines
    if isinstance(default, bool):
        return bool(field.data)
    return field.data if isinstance(default, int) else field.data or ""
