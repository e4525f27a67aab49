"""What is written down at the desk of answers."""

from __future__ import annotations

from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from shop.core.forms import LineField, ShopForm


class ReviewForm(ShopForm):
    verdict = RadioField("What you decide", [InputRequired("Choose one.")])
    note = TextAreaField(
        "Why, in a sentence", [DataRequired("Write why."), Length(max=2000, message="At most 2,000 characters.")]
    )


class PlaceForm(ShopForm):
    about = SelectField("Trial for", [InputRequired("Choose what it is for.")])
    placed_on = DateField("Placed on", [Optional()])


class ReadForm(ShopForm):
    result = RadioField(
        "How the skin looks", [InputRequired("Choose one.")], choices=[("clear", "Clear"), ("reaction", "It reacted")]
    )
    note = TextAreaField("What you see", [Length(max=2000, message="At most 2,000 characters.")])


class SignForm(ShopForm):
    signed_name = LineField("Full name, as a signature", [DataRequired("Please type your full name as your signature.")])
    agreed = RadioField(
        "I have read this", [InputRequired("Say that you have read it.")], choices=[("y", "I have read this and agree")]
    )
