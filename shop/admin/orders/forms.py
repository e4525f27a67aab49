"""What is typed at the order desk."""

from __future__ import annotations

import re

from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from shop.admin.choosing import choices
from shop.core.forms import LineField, ShopForm, WholeField
from shop.orders.replacing import WHY

TRACKING_SIGNS = re.compile(r"[A-Za-z0-9 ./-]{1,60}")
SHORT = "At most 60 characters, please."
WHOLE = "A whole number, please."


class ShippedForm(ShopForm):
    carrier = LineField("Carrier", [DataRequired("Say who carries the parcel."), Length(max=60, message=SHORT)])
    tracking = LineField(
        "Tracking",
        [
            Optional(),
            Length(max=60, message=SHORT),
            Regexp(r"[A-Za-z0-9 ./-]+\Z", message="A tracking number has letters, digits and spaces only."),
        ],
    )


class NoteForm(ShopForm):
    note = TextAreaField(
        "Note", [DataRequired("Write the note first."), Length(max=2000, message="At most 2,000 characters.")]
    )


class RefundForm(ShopForm):
    reason = LineField(
        "Reason", [DataRequired("Say why the money goes back."), Length(max=300, message="At most 300 characters.")]
    )
    cancels = BooleanField("Cancel the order as well")


class PackForm(ShopForm):
    """One scan at the packing table."""

    code = LineField(
        "EAN or SKU", [DataRequired("Scan or type a code first."), Length(max=120, message="This is no code.")]
    )
    lot = LineField("Lot", [Optional(), Length(max=40, message="A lot has at most 40 characters.")])
    units = WholeField("Units", [InputRequired(WHOLE), NumberRange(1, 99, message=WHOLE)], default=1)


WAYS = {
    "wait": "Wait: the parcel leaves when it is complete",
    "split": "Send the rest now, this follows",
    "ask": "Ask the client whether something else may go",
    "substitute": "Something else goes in its place: the client has agreed",
    "refund": "Pay this back",
}


class MissingForm(ShopForm):
    """What happens to units that are not on the shelf."""

    units = WholeField("How many are missing", [InputRequired(WHOLE), NumberRange(1, 999, message=WHOLE)])
    way = RadioField("What happens now", [InputRequired("Choose what happens now.")], choices=choices(WAYS))
    until = DateField("Expected on", [Optional()])
    sku = LineField("SKU or EAN of the other article", [Optional(), Length(max=80, message="This is no code.")])
    agreed = LineField("How the client agreed", [Optional(), Length(max=300, message="At most 300 characters.")])
    corrects = BooleanField("Take the missing ones off the stock")


class ReplaceForm(ShopForm):
    why = SelectField("What happened", [InputRequired("Choose what happened.")], choices=choices(WHY))
