"""What is typed at the package desk."""

from __future__ import annotations

from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from shop.admin.fields import MoneyField
from shop.core.forms import LineField, ShopForm, WholeField

SESSIONS, DAYS = "Between 1 and 60 sessions.", "Between 1 and 3,650 days."


class PackageForm(ShopForm):
    """`gaps` is written as days between commas: 7,7,14-28."""

    name = LineField("Name", [DataRequired("A package needs a name."), Length(max=160)])
    statement_name = LineField("Neutral name", [DataRequired("What stands on a bank statement?"), Length(max=60)])
    area = LineField("Area", [DataRequired("Which part of the body?"), Length(max=60)])
    sessions = WholeField("Sessions", [InputRequired(SESSIONS), NumberRange(1, 60, message=SESSIONS)])
    gaps = LineField("Days between sessions", [Optional(), Length(max=500)])
    validity_days = WholeField("Valid for, in days", [InputRequired(DAYS), NumberRange(1, 3650, message=DAYS)])
    price = MoneyField("Price, VAT included", [DataRequired("What does it cost?")])
    single = MoneyField("Price of one session alone", [DataRequired("What does one session alone cost?")])
    vat_percent = LineField("VAT, per cent", [Regexp(r"\d{1,2}(\.\d{1,2})?\Z", message="Figures, for example 20.")])
