"""What is typed or scanned at the stock desk."""

from __future__ import annotations

from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from shop.admin.choosing import choices
from shop.admin.fields import MoneyField
from shop.core.forms import LineField, ShopForm, WholeField
from shop.inventory.adjusting import REASONS
from shop.inventory.scanning import MOST_UNITS

WHOLE = f"A whole number, up to {MOST_UNITS:,}."
OLDEST, NEWEST = 2000, 2100


def _plausible(_form: ShopForm, field: DateField) -> None:
    if field.data and not OLDEST < field.data.year < NEWEST:
        raise ValidationError("This year cannot be right.")


class ScanForm(ShopForm):
    """One scan: the code first, the rest only when it changes."""

    code = LineField(
        "EAN or SKU", [DataRequired("Scan or type a code first."), Length(max=120, message="This is no code.")]
    )
    lot = LineField("Lot", [Optional(), Length(max=40, message="A lot has at most 40 characters.")])
    expires_on = DateField("Use by", [Optional(), _plausible])
    units = WholeField("Units", [InputRequired(WHOLE), NumberRange(-MOST_UNITS, MOST_UNITS, message=WHOLE)], default=1)


class DeliveryScanForm(ScanForm):
    """A delivery may say what a unit of it cost."""

    cost = MoneyField("Cost of one, without VAT", [Optional()])


class CostForm(ShopForm):
    cost = MoneyField("Cost of one, without VAT", [DataRequired("Say what one unit cost.")])


class SheetForm(ShopForm):
    """A new delivery."""

    reference = LineField(
        "Supplier or delivery note", [DataRequired("Say where it comes from."), Length(max=120, message="Shorter, please.")]
    )


class CountForm(ShopForm):
    """A new count: the shelves that waited longest, or those of a brand."""

    scope = SelectField("What is counted", validate_choice=False)
    location = SelectField("Where", coerce=str, validate_choice=False)


class CorrectForm(ShopForm):
    stock = SelectField("Lot", coerce=str, validate_choice=False)
    units = WholeField("More or fewer", [InputRequired(WHOLE), NumberRange(-MOST_UNITS, MOST_UNITS, message=WHOLE)])
    reason = SelectField("Reason", [InputRequired("Choose a reason.")], choices=choices({"": "Choose …"} | REASONS))
    note = LineField("Note", [Optional(), Length(max=200, message="At most 200 characters.")])

    def validate_reason(self, field: SelectField) -> None:
        if field.data not in REASONS:
            raise ValidationError("Choose a reason.")


class PlaceForm(ShopForm):
    bin = LineField("Place on the shelf", [Optional(), Length(max=20, message="At most 20 characters.")])


class TransferForm(ShopForm):
    source = SelectField("From", coerce=str, validate_choice=False)
    to = SelectField("To", coerce=str, validate_choice=False)
    carried = WholeField("Units", [InputRequired(WHOLE), NumberRange(1, MOST_UNITS, message=WHOLE)])


class LocationForm(ShopForm):
    name = LineField("Name", [DataRequired("Give it a name."), Length(max=60, message="At most 60 characters.")])


class PurchaseForm(ShopForm):
    supplier = LineField("Supplier", [DataRequired("Say who supplies it."), Length(max=120, message="Shorter, please.")])
    code = LineField("EAN or SKU of something else", [Optional(), Length(max=120, message="This is no code.")])
    more = WholeField("Units of it", [Optional(), NumberRange(0, MOST_UNITS, message=WHOLE)])


class PurchaseLineForm(ShopForm):
    code = LineField(
        "EAN or SKU", [DataRequired("Scan or type a code first."), Length(max=120, message="This is no code.")]
    )
    units = WholeField("Units", [InputRequired(WHOLE), NumberRange(0, MOST_UNITS, message=WHOLE)])
    cost = MoneyField("Price of one, without VAT", [Optional()])


class OrderedForm(ShopForm):
    expected_on = DateField("Expected on", [Optional(), _plausible])


class LotDayForm(ShopForm):
    on_market_since = DateField("First on the market on", [Optional(), _plausible])


class StateForm(ShopForm):
    reason = LineField("Reason", [DataRequired("Say why."), Length(max=300, message="At most 300 characters.")])


class RecallForm(ShopForm):
    reason_why = LineField(
        "Why it is called back", [DataRequired("The clients must read why."), Length(max=500, message="Shorter, please.")]
    )
    advice = TextAreaField(
        "What they should do", [DataRequired("Tell them what to do."), Length(max=1000, message="Shorter, please.")]
    )
