"""What people type to be let in; a password is taken as it is, to the last space."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from shop.core.forms import LineField, ShopForm, email_shaped

LONGEST_EMAIL = 254
EMAIL_MISSING = "Please type your e-mail address."
PASSWORD_MISSING = "Please type your password."  # noqa: S105 (a sentence)


class AddressField(EmailField):
    """An e-mail address: spaces around it are nobody's wish."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = self.data.replace("\x00", "").strip()


class SignInForm(ShopForm):
    """The shape of an address is not judged here: a wrong one is answered as an unknown one is."""

    email = AddressField("E-mail", [InputRequired(EMAIL_MISSING), Length(max=LONGEST_EMAIL)])
    password = PasswordField("Password", [InputRequired(PASSWORD_MISSING), Length(max=1024)])
    next = HiddenField()


class RegisterForm(ShopForm):
    name = LineField("Your name", [DataRequired("Please tell us your name."), Length(max=120)])
    email = AddressField("E-mail", [InputRequired(EMAIL_MISSING), Length(max=LONGEST_EMAIL), email_shaped])
    password = PasswordField("Password", [InputRequired("Please choose a password.")])
    next = HiddenField()


class AskForm(ShopForm):
    """For the reset link and the sign-in code."""

    email = AddressField("E-mail", [InputRequired(EMAIL_MISSING), Length(max=LONGEST_EMAIL), email_shaped])
    next = HiddenField()


class CodeForm(ShopForm):
    code = StringField("Code", [InputRequired("Please type the code."), Length(max=40)])


class PinForm(ShopForm):
    """Who of those at this tablet it is; the names come from the page."""

    who = RadioField("Who are you?", validate_choice=False)
    pin = PasswordField("PIN", [InputRequired("Please type your PIN."), Length(max=40)])
    next = HiddenField()


class NewPasswordForm(ShopForm):
    password = PasswordField("New password", [InputRequired("Please choose a password.")])


class ConfirmForm(ShopForm):
    """`password` is asked for only in a browser that did not begin the registration."""

    password = PasswordField("Password", [Length(max=1024)])
    claim = BooleanField("Add what was bought with this address as a guest to my account")
