"""The forms of a page as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = {"submit", "button", "reset", "image"}


@dataclass
class Form:
    """`fields` holds what would be sent if nothing were touched; `names` every field there is."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.forms, self.open = here, [], False
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action") or self.here, given.get("method", "get").lower()))
            self.open = True
        elif self.open and tag in ("input", "textarea", "select", "button") and given.get("name"):
            self._field(tag, given)
        elif self.open and tag == "option" and self.select and "selected" in given:
            self.forms[-1].fields[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:  # a browser drops the line break after the tag
            known = self.forms[-1].fields[self.textarea]
            self.forms[-1].fields[self.textarea] = known + (data if known else data.removeprefix("\r").removeprefix("\n"))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], given["name"], given.get("type", "text")
        form.names.add(name)
        if tag == "select":
            self.select = name
            form.fields.setdefault(name, "")
        elif tag == "textarea":
            self.textarea = name
            form.fields[name] = ""
        elif tag == "button" or kind in BUTTONS or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        else:
            form.fields[name] = given.get("value", "on" if kind == "checkbox" else "")


def forms(text: str, *, here: str) -> list[Form]:
    """Every form of a page that was fetched from `here`."""
    reader = _Reader(here)
    reader.feed(text)
    return reader.forms
