"""What is typed at the product desk."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, FileField, SelectField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError

from shop.admin.choosing import choices
from shop.admin.fields import MoneyField, TextField
from shop.catalog.words import STEP_WORDS
from shop.core.forms import LineField, ShopForm, TicksField, WholeField
from shop.imports.sorting import SKIN_TYPES

AREAS = {"face": "Face", "eye": "Eyes", "body": "Body", "scalp": "Scalp"}
TEXTURES = ("gel", "cream", "oil", "water", "balm", "foam", "powder")
PHASES = {
    "prepare": "Before the first session",
    "day-0-3": "Days 0 to 3",
    "recover": "While the skin recovers",
    "between": "Between sessions",
    "maintain": "To keep the result",
}
ROLES = {"essential": "Essential", "helpful": "Helpful"}
FOCUSES = {  # percent from the left and from the top
    "50-50": "The middle",
    "50-0": "The top",
    "50-100": "The bottom",
    "0-50": "The left",
    "100-50": "The right",
}
UNITS = {"ml": "ml", "g": "g", "piece": "pieces"}
LONG = "At most 20,000 characters."
MONTHS, TIMES = "Between 1 and 120 months.", "Between 1 and 20 times a day."


class ProductForm(ShopForm):
    """The words of a product and what its label says."""

    name = LineField("Name", [DataRequired("A product needs a name."), Length(max=160)])
    brand = SelectField("Brand", coerce=str, validate_choice=False)
    step = SelectField("Step of the routine", choices=choices({"": "None"} | STEP_WORDS))
    area = SelectField("Where it is used", choices=choices(AREAS))
    texture = SelectField("Texture", choices=choices({t: t.capitalize() for t in TEXTURES}))
    blurb = LineField("One sentence", [Optional(), Length(max=300)])
    body_md = TextField("Description", [Optional(), Length(max=20000, message=LONG)])
    how_to_use = TextField("How to use", [Optional(), Length(max=20000, message=LONG)])
    inci = TextField("Ingredients, as printed", [Optional(), Length(max=20000, message=LONG)])
    percents = TextField(
        "Concentrations, as the maker says", [Optional(), Length(max=2000, message="At most 2,000 characters.")]
    )
    on_market_since = DateField("First on the market on", [Optional()])
    warnings = TextField("Warnings, as printed", [Optional(), Length(max=20000, message=LONG)])
    responsible_person = LineField("Responsible person", [Optional(), Length(max=300)])
    skin_types = TicksField("Skin types", choices=choices({kind: kind.capitalize() for kind in SKIN_TYPES}))
    pao_months = WholeField("Months after opening", [Optional(), NumberRange(1, 120, message=MONTHS)])
    amount_per_use_ml = LineField(
        "Millilitres each time", [Optional(), Regexp(r"\d{1,3}(\.\d{1,2})?\Z", message="Figures, for example 0.7.")]
    )
    uses_per_day = WholeField("Times a day", [Optional(), NumberRange(1, 20, message=TIMES)])
    gated = BooleanField("Only after a consultation")


class PictureForm(ShopForm):
    file = FileField("A photograph")
    alt = LineField("What it shows", [Optional(), Length(max=200)])
    focus = SelectField("What stays in the frame", choices=choices(FOCUSES), default="50-50")


class NewProductForm(ShopForm):
    name = LineField("Name", [DataRequired("A product needs a name."), Length(max=160)])
    brand = LineField("Brand", [DataRequired("Whose product is it?"), Length(max=120)])
    sku = LineField("SKU", [DataRequired("A SKU tells the sizes apart."), Length(max=64)])
    price = MoneyField("Price, VAT included", [DataRequired("What does it cost?")])


class SizeForm(ShopForm):
    """One size; `sku` stays as it is once it exists."""

    sku = LineField("SKU", [Optional(), Length(max=64)])
    barcode = LineField("EAN", [Optional(), Regexp(r"\d{8,14}\Z", message="An EAN has 8 to 14 figures.")])
    size_name = LineField("Name of the size", [Optional(), Length(max=80)])
    price = MoneyField("Price, VAT included", [DataRequired("What does it cost?")])
    compare_at = MoneyField("Price before", [Optional()])
    content_amount = WholeField("Content", [Optional(), NumberRange(1, 100000, message="A whole number.")])
    content_unit = SelectField("Unit", choices=choices(UNITS), default="ml")
    weight_grams = WholeField("Weight in grams", [Optional(), NumberRange(0, 100000, message="A whole number.")])
    vat_percent = LineField("VAT, per cent", [Regexp(r"\d{1,2}(\.\d{1,2})?\Z", message="Figures, for example 20.")])
    is_sold = BooleanField("On sale", default=True)

    def validate_barcode(self, field: LineField) -> None:
        if field.data and not _is_ean(field.data):
            raise ValidationError("The last figure does not fit: one of them is mistyped.")

    def validate_compare_at(self, field: MoneyField) -> None:
        if field.minor is not None and self.price.minor is not None and field.minor <= self.price.minor:
            raise ValidationError("The price before is higher than the price, or empty.")


class LinkForm(ShopForm):
    concern = SelectField("Concern", coerce=str, validate_choice=False)
    phase = SelectField("When", choices=choices(PHASES), default="between")
    role = SelectField("How much it matters", choices=choices(ROLES), default="helpful")
    link_reason = LineField("Why", [DataRequired("Say why, in one sentence."), Length(max=300)])


def _is_ean(code: str) -> bool:
    """The check figure of EAN-8, UPC, EAN-13 and GTIN-14."""
    figures: list[Any] = [int(figure) for figure in code]
    weights = (3 if n % 2 else 1 for n in range(len(figures)))
    return sum(figure * weight for figure, weight in zip(reversed(figures), weights, strict=True)) % 10 == 0
