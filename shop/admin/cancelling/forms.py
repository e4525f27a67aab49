"""What is typed when an order is called off at the desk."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm
from shop.core.money import parse_minor


class CallOffForm(ShopForm):
    """`seen` is the sum that stood on the page when the button was pressed."""

    goodwill = LineField("Goodwill above that", [Length(max=20)])
    reason = LineField(
        "Reason", [DataRequired("Say why it is called off."), Length(max=300, message="At most 300 characters.")]
    )
    seen = IntegerField(validators=[InputRequired()], widget=HiddenInput())


def goodwill_minor(text: str | None, *, currency: str) -> int:
    """Nothing typed is nothing. Raises Refused for what is no amount."""
    if not (text or "").strip():
        return 0
    try:
        return parse_minor(text or "", currency)
    except Refused as refused:
        raise Refused(refused.sentence, field="goodwill") from None
