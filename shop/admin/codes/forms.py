"""What is typed at the desk of codes."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from shop.admin.choosing import choices
from shop.admin.codes.offered import Offered
from shop.admin.fields import MoneyField
from shop.bag.making_codes import KINDS
from shop.bag.models import DiscountCode
from shop.core.forms import LineField, ShopForm, TicksField, WholeField

APPLIES = {"": "Everything in the bag", "sessions": "Sessions only", "goods": "Products only"}
OFTEN = NumberRange(1, 1_000_000, message="One or more.")


class CodeForm(ShopForm):
    """A share or a sum; nothing ticked means that everything is covered."""

    note = LineField("For whom, or why", [Optional(), Length(max=200, message="At most 200 characters.")])
    percent = LineField("Per cent off", [Optional(), Length(max=8)])
    amount = MoneyField("Or a sum off", [Optional(), Length(max=16)])
    applies = SelectField("Applies to", choices=choices(APPLIES))
    concerns = TicksField("Concerns")
    brands = TicksField("Brands")
    packages = TicksField("Packages")
    least = MoneyField("From a sum of", [Optional(), Length(max=16)])
    starts_on = DateField("First day", [Optional()])
    ends_on = DateField("Last day", [Optional()])
    limit_each = WholeField("Uses per person", [Optional(), OFTEN])
    limit_all = WholeField("Uses in all", [Optional(), OFTEN])

    def __init__(self, offered: Offered, **given: Any) -> None:
        super().__init__(**given)
        self.concerns.choices = choices(offered.concerns)
        self.brands.choices = choices(offered.brands)
        self.packages.choices = choices(offered.packages)

    def show(self, code: DiscountCode) -> None:
        for name in (
            "note",
            "percent",
            "concerns",
            "brands",
            "packages",
            "starts_on",
            "ends_on",
            "limit_each",
            "limit_all",
        ):
            self[name].data = getattr(code, name)
        self.amount.process_data(code.amount_minor)
        self.least.process_data(code.least_minor or None)
        self.applies.data = next((word for word, kinds in KINDS.items() if set(kinds) == set(code.kinds)), "")

    def facts(self) -> dict[str, Any]:
        return {
            "note": self.note.data or "",
            "percent": self.percent.data or None,
            "amount_minor": self.amount.minor,
            "kinds": list(KINDS[self.applies.data or ""]),
            "concerns": sorted(self.concerns.data or []),
            "brands": sorted(self.brands.data or []),
            "packages": sorted(self.packages.data or []),
            "least_minor": self.least.minor or 0,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "limit_each": self.limit_each.data,
            "limit_all": self.limit_all.data,
        }


class NewCodeForm(CodeForm):
    name = LineField("Code", [InputRequired("What will people type?"), Length(max=40)])
