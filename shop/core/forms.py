"""Forms that keep what was typed and put each sentence beside its field."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import Input

from shop.core.errors import ShopError

WHOLE = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
NOT_TEXT = {chr(code) for code in range(32)} - {"\t", "\n", "\r"}


def attributes(**given: Any) -> Markup:
    """What WTForms' own function gives, for a quarter of its time: a checkout has fifty attributes."""
    parts = []
    for name, value in sorted(given.items()):
        name = name.rstrip("_")
        if name.startswith(("data_", "aria_")):
            name = name.replace("_", "-")
        if value is True:
            parts.append(name)
        elif value is not False:
            said = str(escape(value)).replace('"', "&quot;")  # what is HTML already is not escaped, its quotes are
            parts.append(f'{name}="{said}"')
    return Markup(" ".join(parts))  # noqa: S704 (each value is escaped)


Input.html_params = staticmethod(attributes)


class ShopForm(FlaskForm):
    """The base of every form of the shop."""

    def refuse(self, error: ShopError) -> None:
        """Show a rule's sentence beside the field it names, or on top of the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.sentence)
        else:
            field.errors = [*field.errors, error.sentence]

    @property
    def sentences(self) -> list[tuple[str | None, str]]:
        """(field id, sentence) of everything that is wrong, for the summary on top."""
        found: list[tuple[str | None, str]] = [(None, sentence) for sentence in self.form_errors]
        for field in self:
            found += [(field.id, str(sentence)) for sentence in field.errors]
        return found


class LineField(StringField):
    """One line of text: trimmed, without control characters."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = " ".join("".join(c for c in self.data if c not in NOT_TEXT).split())


class WholeField(IntegerField):
    """A whole number in plain figures; what is longer than any number we need is no number."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and valuelist[0].strip() and not WHOLE.fullmatch(valuelist[0].strip()):
            self.data = None
            raise ValueError("Please type a whole number in figures.")
        super().process_formdata(valuelist)


class TicksField(SelectMultipleField):
    """Any of several choices; a word that is none of them is refused and not repeated to the person."""

    def pre_validate(self, form: Any) -> None:
        offered = {choice.value for choice in self.iter_choices()}
        if not offered.issuperset(self.data or ()):
            raise ValidationError("Please choose from what is on offer.")


def email_shaped(_form: FlaskForm, field: StringField) -> None:
    """A WTForms validator; keeps the address as typed but for its case in the domain."""
    from email_validator import EmailNotValidError, validate_email

    try:
        field.data = validate_email(field.data or "", check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValidationError("This does not look like an e-mail address. An example: name@example.com") from None
