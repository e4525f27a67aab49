"""What is asked of somebody who accepts what another person bought for them, or who calls an order off."""

from __future__ import annotations

import secrets

from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import InputRequired, Regexp
from wtforms.widgets import HiddenInput

from shop.core.forms import ShopForm


class AcceptForm(ShopForm):
    key = HiddenField()
    adult = BooleanField("I am 18 or older.")


class WithdrawForm(ShopForm):
    """`seen` is the amount that stood on the page, `cause` makes a second click the first one."""

    seen = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    cause = HiddenField(validators=[Regexp(r"[\w-]{16,64}\Z")])

    @classmethod
    def new(cls) -> WithdrawForm:
        """For a page that is opened."""
        return cls(formdata=None, data={"cause": secrets.token_urlsafe(16)})
