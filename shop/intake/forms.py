"""The few typed fields around the questions."""

from __future__ import annotations

from wtforms.validators import DataRequired, Length

from shop.core.forms import LineField, ShopForm, email_shaped


class ContactForm(ShopForm):
    """Where a guest wants to be written to."""

    email = LineField(
        "E-mail",
        [DataRequired("Please type an e-mail address."), Length(max=200, message="At most 200 characters."), email_shaped],
    )
