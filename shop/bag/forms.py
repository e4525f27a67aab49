"""What may be typed into a bag."""

from __future__ import annotations

from wtforms import DateField
from wtforms.validators import InputRequired, NumberRange, Optional

from shop.bag.filling import MOST_OF_ONE
from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm, WholeField

WHOLE = f"Choose a whole number from 0 to {MOST_OF_ONE}."


class AddForm(ShopForm):
    """One of `sku`, `package` or `box`; `addon` repeats as slug:count."""

    sku = LineField(validators=[Optional()])
    package = LineField(validators=[Optional()])
    box = LineField(validators=[Optional()])
    quantity = WholeField(default=1, validators=[Optional(), NumberRange(1, MOST_OF_ONE, message=WHOLE)])


class QuantityForm(ShopForm):
    quantity = WholeField(validators=[InputRequired(WHOLE), NumberRange(0, MOST_OF_ONE, message=WHOLE)])


class DateForm(ShopForm):
    """The tick at short-dated goods; its value is the date that stands beside it."""

    short_dated = DateField(validators=[InputRequired("Tick the box first, or take it out.")])


class CodeForm(ShopForm):
    """`remove` is the name of a code that is to leave the bag, `card` the last signs of a gift card."""

    code = LineField("Your code", validators=[Optional()])
    remove = LineField(validators=[Optional()])
    card = LineField(validators=[Optional()])


def read_addons(chosen: list[str], *, most: int = 40) -> dict[str, int]:
    """["led:6", "numbing"] → {"led": 6, "numbing": 1}. Raises Refused for anything else."""
    addons: dict[str, int] = {}
    for text in chosen[:most]:
        slug, _, count = text.partition(":")
        if not slug or len(slug) > 80 or not (count or "1").isdecimal() or len(count) > 3:
            raise Refused("Choose the add-ons again, please.", field="addon")
        addons[slug] = int(count or "1")
    return addons
