"""What the clinic decides on a review, and what it answers."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from shop.admin.fields import TextField
from shop.core.forms import ShopForm, WholeField


class DecisionForm(ShopForm):
    """`act` comes from the button; `turn` says which wording was read."""

    turn = WholeField("Read", widget=HiddenInput())
    act = StringField("Decision")
    reason = TextField("Reason, for the client", [Length(max=500, message="At most 500 characters.")])


class AnswerForm(ShopForm):
    text = TextField("Answer, for everybody", [Length(max=1000, message="At most 1,000 characters.")])
