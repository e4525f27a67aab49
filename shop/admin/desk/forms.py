"""What is typed at the till."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, RadioField, SelectField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from shop.admin.choosing import choices
from shop.admin.fields import MoneyField
from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm, email_shaped
from shop.core.settings import setting
from shop.terms.addresses import countries, normal_address

DELIVERIES = {"now": "Taken along now", "collect": "Collected later", "ship": "Sent by post"}
SUM = [Optional(), Length(max=16)]
REFERENCE = [Optional(), Length(max=40, message="At most 40 characters.")]


class ClientForm(ShopForm):
    """A new client; found ones are chosen with a button."""

    name = LineField("Name", [InputRequired("What is the client's name?"), Length(max=120)])
    email = EmailField("E-mail", [Optional(), Length(max=254), email_shaped])
    phone = TelField("Phone", [Optional(), Length(max=30)])


class PayForm(ShopForm):
    """How the goods leave, what the client was told, and what came in by which means."""

    delivery = RadioField("The products", choices=choices(DELIVERIES), default="now", validate_choice=False)
    line1 = LineField("Address", [Length(max=120)])
    line2 = LineField("Flat, floor, company", [Length(max=120)])
    city = LineField("Town or city", [Length(max=120)])
    postcode = LineField("Postcode", [Length(max=12)])
    country = SelectField("Country", validate_choice=False)
    email = EmailField("E-mail for the receipt", [Optional(), Length(max=254), email_shaped])
    told = BooleanField("The client knows the price, the terms and how cancelling works, and agrees.")
    adult = BooleanField("The person who will be treated is 18 or older.")
    cash = MoneyField("Cash", SUM)
    terminal = MoneyField("Card terminal", SUM)
    terminal_note = LineField("Reference", REFERENCE)
    bank = MoneyField("Bank transfer", SUM)
    bank_note = LineField("Reference", REFERENCE)

    def __init__(self, *, has_goods: bool = False, has_sessions: bool = False, **given: Any) -> None:
        super().__init__(**given)
        self.has_sessions = has_sessions
        offered = countries(setting("delivery.countries"), first=setting("clinic.country"))
        self.country.choices = [SelectChoice(code, name) for code, name in offered]
        self.country.data = self.country.data or setting("clinic.country")
        if not has_goods:
            self.delivery.data = "none"
        elif self.delivery.data not in DELIVERIES:
            self.delivery.data = "now"

    @property
    def address(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("line1", "line2", "city", "postcode")}

    @property
    def notes(self) -> dict[str, str]:
        return {"terminal": self.terminal_note.data or "", "bank": self.bank_note.data or ""}

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if not self.told.data:
            fine = self._wrong("told", "Tell the client first, then tick.")
        if self.has_sessions and not self.adult.data:
            fine = self._wrong("adult", "Treatments are for adults: please confirm that the person is 18 or older.")
        if self.country.data not in setting("delivery.countries"):
            fine = self._wrong("country", "We do not deliver there.")
        elif self.delivery.data == "ship":
            fine = self._tidy_address() and fine
        return fine

    def _tidy_address(self) -> bool:
        given = self.address | {"country": self.country.data}
        try:
            for name, value in normal_address(given, delivers_to=setting("delivery.countries")).items():
                self[name].data = value
        except Refused as error:
            self.refuse(error)
            return False
        return True

    def _wrong(self, name: str, sentence: str) -> bool:
        self[name].errors = [*self[name].errors, sentence]
        return False


class TakeForm(ShopForm):
    """Money for an order that waits for its payment page."""

    cash = MoneyField("Cash", SUM)
    terminal = MoneyField("Card terminal", SUM)
    terminal_note = LineField("Reference", REFERENCE)
    bank = MoneyField("Bank transfer", SUM)
    bank_note = LineField("Reference", REFERENCE)

    @property
    def notes(self) -> dict[str, str]:
        return {"terminal": self.terminal_note.data or "", "bank": self.bank_note.data or ""}


class CloseForm(ShopForm):
    """What was counted. `left` stays in the drawer."""

    cash = MoneyField("Cash in the drawer", [InputRequired("Count the cash."), Length(max=16)])
    terminal = MoneyField("On the terminal's report", [Optional(), Length(max=16)])
    bank = MoneyField("Transfers on the bank's list", [Optional(), Length(max=16)])
    left = MoneyField("Stays in the drawer", [Optional(), Length(max=16)])
    reason = LineField("Why it differs", [Optional(), Length(max=300, message="At most 300 characters.")])
