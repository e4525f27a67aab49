"""What is typed when sessions are moved at the desk; each act says why."""

from __future__ import annotations

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from shop.admin.choosing import choices
from shop.admin.fields import MoneyField
from shop.core.forms import LineField, ShopForm, WholeField

DAYS = "Between 1 and 3,650 days."
MANY = "Between 1 and 60 sessions."
GIVES = {"transfer": "Moves to another file of the same person, or to family", "gift": "A present to somebody else"}


class ActForm(ShopForm):
    """`seen` marks the preview that stood on the page when the button was pressed; empty until one did."""

    reason = LineField(
        "Reason", [DataRequired("Say why, in a few words."), Length(max=200, message="At most 200 characters.")]
    )
    seen = HiddenField()


class PauseForm(ActForm):
    pass


class ResumeForm(ActForm):
    pass


class ExtendForm(ActForm):
    days = WholeField("Days", [InputRequired(DAYS), NumberRange(1, 3650, message=DAYS)])
    is_ours = BooleanField("We caused the delay: it does not count as the client's own extension")


class ReviveForm(ActForm):
    sessions = WholeField("How many sessions", [InputRequired(MANY), NumberRange(1, 60, message=MANY)])
    days = WholeField("Days from today", [InputRequired(DAYS), NumberRange(1, 3650, message=DAYS)])


class GiveForm(ActForm):
    to = LineField("E-mail, or number of the file", [DataRequired("Who gets them?"), Length(max=254)])
    name = LineField("Their name, if they have no file yet", [Optional(), Length(max=120)])
    sessions = WholeField("How many sessions", [InputRequired(MANY), NumberRange(1, 60, message=MANY)])
    kind = RadioField("What it is", [InputRequired("Choose what it is.")], choices=choices(GIVES), default="transfer")


class ReverseForm(ActForm):
    visit = SelectField("Which session", [DataRequired("Choose a session.")], choices=[])


class ExchangeForm(ActForm):
    """What is to be paid on top comes in at the desk, over one or more means."""

    package = SelectField("Package", [DataRequired("Choose a package.")], choices=[])
    cash = MoneyField("Cash", [Optional(), Length(max=20)])
    terminal = MoneyField("Card at the terminal", [Optional(), Length(max=20)])
    bank = MoneyField("Bank transfer", [Optional(), Length(max=20)])
    terms = BooleanField("The client has read the terms and how cancelling works, and agrees")


class GiveUpForm(ActForm):
    pass


class MoveInForm(ActForm):
    package = SelectField("Package", [DataRequired("Choose a package.")], choices=[])
    sessions = WholeField("Sessions it had", [InputRequired(MANY), NumberRange(1, 60, message=MANY)])
    left = WholeField("Sessions left", [InputRequired(MANY), NumberRange(1, 60, message=MANY)])
    each = MoneyField("Paid for each session, VAT included", [DataRequired("What was paid for one? 0 for a gift.")])
    vat_percent = LineField("VAT, per cent", [Regexp(r"\d{1,2}(\.\d{1,2})?\Z", message="Figures, for example 20.")])
    bought_on = DateField("Bought on", [InputRequired("When was it bought?")])
    expires_on = DateField("To be used until", [InputRequired("Until when can it be used?")])
