"""What is typed at the desk of cases."""

from __future__ import annotations

from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from shop.admin.choosing import choices
from shop.cases.models import KINDS
from shop.cases.working import MOST_WORDS, RESULTS
from shop.core.forms import LineField, ShopForm

LONG = Length(max=MOST_WORDS, message=f"At most {MOST_WORDS:,} characters.")


class NoteForm(ShopForm):
    text = TextAreaField("What was done or said", [DataRequired("Write a sentence."), LONG])


class OwnerForm(ShopForm):
    owner = SelectField("Who looks after it")


class CloseForm(ShopForm):
    result = RadioField("How it ended", [InputRequired("Choose one.")], choices=choices(RESULTS))
    words = TextAreaField("In a sentence", [DataRequired("Write a sentence, so that the next person knows."), LONG])
    resume = RadioField(
        "The client’s sessions",
        choices=choices({"y": "go on; their last day moves on by the length of the pause", "n": "stay paused"}),
        default="n",
    )


class NewCaseForm(ShopForm):
    """What somebody tells the desk; `who` is what was searched for."""

    kind = SelectField("What it is about", choices=choices(KINDS))
    who = LineField("Client", [Optional(), Length(max=80)])
    order = LineField("Order", [Optional(), Length(max=20)])
    since = DateField("Since when", [Optional()])
    words = TextAreaField("What was said", [DataRequired("Write down what was said."), LONG])
    pauses = BooleanField("Pause all the client's sessions until this is clear")
