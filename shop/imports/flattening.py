"""The HTML of a former shop becomes plain Markdown: paragraphs, lists and emphasis, no styles, scripts or links out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "div", "section", "article", "table", "tr", "ul", "ol", "blockquote", "hr", *(f"h{n}" for n in range(1, 7))}
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_SILENT = frozenset({"script", "style", "template", "noscript", "iframe"})


def flatten(html: str) -> str:
    """Readable Markdown of a product's description; text that holds no tag passes as it is."""
    if "<" not in html and "&" not in html:
        return _tidy(html)
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidy("".join(reader.parts))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in _MARKS:
            self.parts.append(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in _MARKS:
            self.parts.append(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _tidy(text: str) -> str:
    """One blank line between blocks, no spaces at the ends of lines, no emphasis of nothing."""
    text = re.sub(r"\*\*\s*\*\*", "", text)
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
