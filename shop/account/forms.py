"""What a client may change: addresses, name, telephone, e-mail, password."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, PasswordField, RadioField, SelectField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from shop.accounts.forms import EMAIL_MISSING, LONGEST_EMAIL, AddressField
from shop.catalog.words import STEP_WORDS
from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm, email_shaped
from shop.core.settings import setting
from shop.terms.addresses import countries, normal_address

LONGEST = 100
CURRENT = "Please type your current password."
STARS = {"5": "5: very much", "4": "4: much", "3": "3: so so", "2": "2: not much", "1": "1: not at all"}
PLACES = ("line1", "line2", "city", "postcode", "country")


class AddressForm(ShopForm):
    """An address to which the clinic sends; tidied as its country writes it."""

    name = LineField("Name on the parcel", [DataRequired("Whose name is on the door?"), Length(max=LONGEST)])
    line1 = LineField("Street and house number", [Length(max=LONGEST)])
    line2 = LineField("Flat, floor, company", [Length(max=LONGEST)])
    city = LineField("Town or city", [Length(max=LONGEST)])
    postcode = LineField("Postcode", [Length(max=12)])
    country = SelectField("Country", validate_choice=False)
    phone = TelField("Telephone", [Length(max=30)])

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.country.choices = countries(setting("delivery.countries"), first=setting("clinic.country"))
        if not self.country.data:
            self.country.data = setting("clinic.country")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            tidy = normal_address(
                {name: self[name].data or "" for name in PLACES}, delivers_to=setting("delivery.countries")
            )
        except Refused as refused:
            self.refuse(refused)
            return False
        for name, text in tidy.items():
            self[name].data = text
        return True

    def facts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("name", *PLACES, "phone")}


class NameForm(ShopForm):
    name = LineField("Your name", [DataRequired("Please tell us your name."), Length(max=120)])
    phone = TelField("Telephone", [Length(max=30)])


class EmailForm(ShopForm):
    email = AddressField("New e-mail address", [InputRequired(EMAIL_MISSING), Length(max=LONGEST_EMAIL), email_shaped])
    current = PasswordField("Current password", [InputRequired(CURRENT), Length(max=1024)])


class PasswordForm(ShopForm):
    password = PasswordField("New password", [InputRequired("Please choose a password.")])
    current = PasswordField("Current password", id="current-2", validators=[InputRequired(CURRENT), Length(max=1024)])


class RecoveryForm(ShopForm):
    current = PasswordField("Current password", id="current-3", validators=[InputRequired(CURRENT), Length(max=1024)])


class EraseForm(ShopForm):
    current = PasswordField("Current password", [InputRequired(CURRENT), Length(max=1024)])


class SignConsentForm(ShopForm):
    """A typed name is the signature."""

    agreed = BooleanField("I have read this and agree", [DataRequired("Tick that you have read it and agree.")])
    signed_name = LineField(
        "Your full name, as a signature",
        [DataRequired("Please type your full name as your signature."), Length(max=120, message="At most 120 characters.")],
    )


class CupboardForm(ShopForm):
    """Something bought elsewhere."""

    name = LineField(
        "What it is called", [DataRequired("What is it called?"), Length(max=120, message="At most 120 characters.")]
    )
    step = SelectField("What it is for", choices=[("", "Choose"), *STEP_WORDS.items()], default="", validate_choice=False)
    inci = TextAreaField("Ingredients, as printed", [Length(max=6000, message="At most 6,000 characters.")])


class ReviewForm(ShopForm):
    """Stars and a few words about a product."""

    stars = RadioField(
        "How do you like it?",
        choices=[SelectChoice(value, words) for value, words in STARS.items()],
        validators=[InputRequired("Choose one to five stars.")],
        validate_choice=False,
    )
    text = TextAreaField(
        "In your words",
        [DataRequired("Say in a few words how it is."), Length(max=2000, message="At most 2,000 characters.")],
    )

    def validate_stars(self, field: Any) -> None:
        if field.data not in STARS:
            raise ValidationError("Choose one to five stars.")


class OwnPinForm(ShopForm):
    """The password is asked for again: a PIN opens the desk."""

    pin = PasswordField("PIN", [InputRequired("Please choose a PIN."), Length(max=40)])
    current = PasswordField("Current password", [InputRequired(CURRENT), Length(max=1024)])
