"""Fields that read what staff type as the shop keeps it."""

from __future__ import annotations

from typing import Any

from flask import current_app
from wtforms import TextAreaField
from wtforms.validators import StopValidation

from shop.core.errors import Refused
from shop.core.forms import NOT_TEXT, LineField
from shop.core.money import exponent, parse_minor


class MoneyField(LineField):
    """`minor` is the amount in minor units, or None when nothing was typed; what was typed stays in `data`."""

    minor: int | None = None

    def process_data(self, value: Any) -> None:
        self.data = plain_amount(value) if isinstance(value, int) else value

    def pre_validate(self, form: Any) -> None:
        self.minor = None
        if not self.data:
            return
        try:
            self.minor = parse_minor(self.data, _currency())
        except Refused as refused:
            raise StopValidation(refused.sentence) from None


class TextField(TextAreaField):  # type: ignore[misc]  # WTForms exports it without a type
    """Several lines, without control characters and without spaces around."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = "".join(c for c in self.data if c not in NOT_TEXT).replace("\r\n", "\n").strip()


def plain_amount(minor: int) -> str:
    """1250 → "12.50", as it is typed."""
    places = exponent(_currency())
    whole, rest = divmod(minor, 10**places)
    return f"{whole}.{rest:0{places}}" if places else str(whole)


def _currency() -> str:
    return str(current_app.config["SHOP"].currency)
