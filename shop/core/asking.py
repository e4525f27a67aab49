"""What was typed into a form or an address arrives without control characters: no page, file or e-mail may hold one."""

from __future__ import annotations

import re

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

# C0 and C1 and DEL, but not tab and line breaks, which a text area holds.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FIELD_END = str.maketrans("\x1d", "\u241d")  # a scanner ends a field of a GS1 code with it: it stays, as a sign one can see
AS_TYPED = ("password", "current")  # never shown again, and every character of it counts


class Asked(Request):
    """A request whose fields are fit to be shown again; the raw body stays what it was."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return _without_controls(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_controls(self.__dict__["form"])


def _without_controls(fields: MultiDict[str, str]) -> MultiDict[str, str]:
    """The same fields where nothing is to be taken away, which is nearly always."""
    pairs = list(fields.items(multi=True))
    if not any(CONTROL.search(text) for pair in pairs for text in pair):
        return fields
    return ImmutableMultiDict((CONTROL.sub("", name), _tidy(name, value)) for name, value in pairs)


def _tidy(name: str, value: str) -> str:
    if name in AS_TYPED:
        return value
    return CONTROL.sub("", value.translate(FIELD_END) if name == "code" else value)
