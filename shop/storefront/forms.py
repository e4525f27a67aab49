"""What visitors may fill in: three questions, and a request for a consultation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from shop.catalog.words import FREE_FROM, STEPS
from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm, TicksField, email_shaped
from shop.core.money import parse_minor
from shop.storefront.requesting import WHENS

SKINS = [
    ("dry", "Dry: tight soon after washing"),
    ("oily", "Oily: shiny by noon"),
    ("combination", "Combination: both, in places"),
    ("normal", "Normal: neither"),
    ("sensitive", "Sensitive: it stings or reddens easily"),
    ("unsure", "I am not sure"),
]
AVOIDED = ("fragrance", "essential-oil", "drying-alcohol", "retinoid", "aha", "bha", "scrub")
OWNED = ("cleanse", "treat", "moisturise", "protect", "scalp", "body")
CHOOSE = "Please choose one."


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in pairs]


class AskForm(ShopForm):
    """Sent with GET: nothing of it is kept."""

    class Meta:
        csrf = False

    concern = RadioField("What would you like to change?", validators=[InputRequired(CHOOSE)])
    skin = RadioField("How is your skin most days?", choices=_choices(SKINS), validators=[InputRequired(CHOOSE)])
    avoid = TicksField(
        "Leave these out for me", choices=_choices([(name, FREE_FROM[name]) for name in AVOIDED]), validators=[Optional()]
    )
    have = TicksField(
        "I have one I like already", choices=_choices([(step, STEPS[step]) for step in OWNED]), validators=[Optional()]
    )

    def __init__(self, concerns: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(**given)
        self.concern.choices = _choices(concerns)


class SendForm(ShopForm):
    """The three answers to a consultant."""

    name = LineField("Your name", validators=[InputRequired("Please tell us your name."), Length(max=120)])
    email = LineField(
        "E-mail", validators=[InputRequired("We need an address to answer to."), Length(max=254), email_shaped]
    )
    message = TextAreaField("Anything you would like to add", validators=[Optional(), Length(max=2000)])
    agreed = BooleanField(
        "You may keep these answers to advise me. I can take this back at any time.",
        validators=[InputRequired("Without this we may not keep your answers.")],
    )


class ConsultationForm(ShopForm):
    name = LineField("Your name", validators=[InputRequired("Please tell us your name."), Length(max=120)])
    email = LineField(
        "E-mail", validators=[InputRequired("We need an address to answer to."), Length(max=254), email_shaped]
    )
    phone = LineField("Phone", validators=[Optional(), Length(max=40)])
    when = RadioField(
        "When suits you?", choices=_choices(WHENS.items()), default="soon", validators=[InputRequired(CHOOSE)]
    )
    treatment = SelectField("What is it about?", validators=[Optional()])
    agreed = BooleanField(
        "You may keep this request to answer it. I can take this back at any time.",
        validators=[InputRequired("Without this we may not keep your request.")],
    )

    def __init__(self, treatments: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(**given)
        self.treatment.choices = _choices([("", "I would rather say it in person"), *treatments])


class GiftCardForm(ShopForm):
    """One of the usual sums, or another that was typed; `minor` is the one that counts."""

    amount = RadioField("How much?", validators=[Optional()], validate_choice=False)
    other = LineField("Or another sum", validators=[Optional(), Length(max=16)])
    for_name = LineField("For whom?", validators=[InputRequired("Who is it for?"), Length(max=80)])
    for_email = LineField("Their e-mail", validators=[Optional(), Length(max=254), email_shaped])
    from_name = LineField("From", validators=[InputRequired("Who gives it?"), Length(max=80)])
    message = TextAreaField("A few words", validators=[Optional(), Length(max=300, message="At most 300 characters.")])
    minor = 0

    def __init__(self, amounts: list[tuple[str, str]], currency: str, **given: Any) -> None:
        super().__init__(**given)
        self.currency = currency
        self.amount.choices = _choices(amounts)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        try:
            self.minor = self._sum()
        except Refused as refused:
            self.refuse(refused)
            return False
        return fine

    def _sum(self) -> int:
        if self.other.data:
            try:
                return parse_minor(self.other.data, self.currency)
            except Refused as refused:
                raise Refused(refused.sentence, field="other") from None
        if self.amount.data not in {choice.value for choice in self.amount.choices or ()}:
            raise Refused(CHOOSE, field="amount")
        return int(self.amount.data)


class NoticeForm(ShopForm):
    """An address for one letter, when the article is there again."""

    sku = LineField(validators=[InputRequired("Choose a size first."), Length(max=120)])
    email = LineField("Your e-mail", validators=[InputRequired("Where shall we write to?"), Length(max=254), email_shaped])
