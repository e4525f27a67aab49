"""Fetching a page in a test also inspects it: what a browser would forgive, this does not."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from html.parser import HTMLParser

import html5lib

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
NAMED = frozenset({"input", "select", "textarea"})
NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button", "reset", "image"})
POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list")
_seen: set[bytes] = set()


@dataclass
class Page(HTMLParser):
    """What one pass over the text finds."""

    text: str
    faults: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    headings: int = 0
    lang: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.forms: list[tuple[str, bool]] = []
        self.pointers: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        self.unlabelled: list[str] = []
        self.shape: set[str] = set()
        self.script = ""
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.shape.add("/".join([*self.stack, tag, *sorted(given)]))
        self._common(tag, given, len(attrs))
        if tag in NAMED:
            self._field(tag, given)
        if check := getattr(self, f"_{tag}", None):
            check(given)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.stack:
            while self.stack.pop() != tag:
                pass
        if tag == "form" and self.forms:
            action, has_token = self.forms.pop()
            if not has_token:
                self.faults.append(f"the POST form to {action!r} has no csrf_token")

    def handle_data(self, data: str) -> None:
        if self.stack[-1:] == ["title"] and "svg" not in self.stack:
            self.title += data
        if self.script == "application/ld+json" and self.stack[-1:] == ["script"]:
            self._structured(data)

    def _structured(self, data: str) -> None:
        try:
            json.loads(data)
        except ValueError:
            self.faults.append("a block of structured data is no JSON")

    def _common(self, tag: str, given: dict[str, str], count: int) -> None:
        if count != len(given):
            self.faults.append(f"<{tag}> repeats an attribute")
        for name in given:
            if name.startswith("on") or name == "style":
                self.faults.append(f"<{tag}> has {name}=, which the content security policy refuses")
        if "id" in given:
            if given["id"] in self.ids or not given["id"] or " " in given["id"]:
                self.faults.append(f"id {given['id']!r} is there twice, empty or has a space")
            self.ids.add(given["id"])
        for name in POINTERS:
            self.pointers += [(f"{tag} {name}", target) for target in given.get(name, "").split()]

    def _html(self, given: dict[str, str]) -> None:
        self.lang = given.get("lang", "")

    def _h1(self, given: dict[str, str]) -> None:
        self.headings += 1

    def _form(self, given: dict[str, str]) -> None:
        outside = given.get("action", "").startswith("http")
        is_post = given.get("method", "get").lower() == "post"
        self.forms.append((given.get("action", ""), outside or not is_post))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        if given.get("name") == "csrf_token" and self.forms:
            self.forms[-1] = (self.forms[-1][0], True)
        if tag == "input" and given.get("type", "text") in NEEDS_NO_LABEL:
            return
        if "label" not in self.stack and not given.get("aria-label") and "aria-labelledby" not in given:
            self.unlabelled.append(given.get("id") or f"{tag} {given.get('name', '')}")

    def _label(self, given: dict[str, str]) -> None:
        self.labels.add(given.get("for", ""))

    def _img(self, given: dict[str, str]) -> None:
        if "alt" not in given:
            self.faults.append(f"the picture {given.get('src')!r} has no alt")

    def _a(self, given: dict[str, str]) -> None:
        if given.get("href", "x").startswith(("javascript:", "None")) or given.get("href") == "":
            self.faults.append(f"a link to {given['href']!r}")

    def _time(self, given: dict[str, str]) -> None:
        if "datetime" not in given:
            self.faults.append("a <time> that no machine can read: it has no datetime=")

    def _script(self, given: dict[str, str]) -> None:
        self.script = given.get("type", "")
        if "src" not in given and "nonce" not in given and self.script != "application/ld+json":
            self.faults.append("an inline script without a nonce")

    def _style(self, given: dict[str, str]) -> None:
        if "nonce" not in given and "svg" not in self.stack:
            self.faults.append("an inline style sheet without a nonce")


def inspect(text: str) -> list[str]:
    """What is wrong with a whole page, or with a part of one; empty when nothing is."""
    page = Page(text)
    faults = list(page.faults)
    faults += [
        f"<{name}> points to #{target}, which is not there" for name, target in page.pointers if target not in page.ids
    ]
    faults += [f"the field {name!r} has no label" for name in page.unlabelled if name not in page.labels]
    if "<html" not in text[:500].lower():
        return faults
    if page.headings != 1:
        faults.append(f"{page.headings} h1 headings")
    if not page.lang or not page.title.strip():
        faults.append("no lang or no title")
    return faults + _grammar(text, page.shape)


def _grammar(text: str, shape: set[str]) -> list[str]:
    """The HTML standard's own parse errors; a page of a shape that was read before is not read again."""
    digest = blake2b("\n".join(sorted(shape)).encode(), digest_size=16).digest()
    if digest in _seen:
        return []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    lines = text.splitlines()
    found = [f"{code} in line {at[0]}: {lines[min(at[0], len(lines)) - 1].strip()[:120]}" for at, code, _ in parser.errors]
    if not found:
        _seen.add(digest)
    return found
