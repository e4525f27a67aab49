"""Copy as a reader sees it, without mark-up and odd signs, each sign still knowing its place in the original."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

PARAGRAPH = "¶"
_PIECE = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^<>]{0,400}>|&#?\w{1,10};|\n[ \t\r]*\n\s*|\n[ \t]*(?:[-*+•#|>]+|\d{1,2}[.)])[ \t]|.", re.DOTALL
)
_INLINE = re.compile(r"</?(?:a|abbr|b|em|i|mark|small|span|strong|sub|sup|u|wbr)\b", re.IGNORECASE)
_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒−﹣－", "-")
    | dict.fromkeys("’‘´`ʼ", "'")
    | dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\t\r\n", " ")
)
_DROPPED = frozenset("*_~`\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f™®©℠")


@dataclass(frozen=True)
class PlainCopy:
    """`text` to search in; `span` leads from a place in it back to the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


def read_copy(original: str) -> PlainCopy:
    """Take off tags, emphasis, invisible signs and accents; an empty line, a bullet or a block becomes a paragraph sign."""
    signs: list[tuple[str, int, int]] = []
    for piece in _PIECE.finditer(original):
        signs.extend((sign, *piece.span()) for sign in _seen(piece[0]))
    return PlainCopy(
        "".join(sign for sign, _, _ in signs), tuple(at for _, at, _ in signs), tuple(to for _, _, to in signs)
    )


def _seen(piece: str) -> str:
    """What a reader sees of one sign, entity, tag or empty line."""
    if piece.startswith("<") and len(piece) > 1:
        return "" if _INLINE.match(piece) else PARAGRAPH
    if piece.startswith("\n") and len(piece) > 1:
        return PARAGRAPH
    sign = html.unescape(piece) if piece.startswith("&") and len(piece) > 1 else piece
    if sign in _DROPPED:
        return ""
    if sign.isascii():
        return sign.translate(_SIGNS)
    decomposed = unicodedata.normalize("NFKD", sign.translate(_SIGNS))
    return "".join(one for one in decomposed if one not in _DROPPED and not unicodedata.combining(one))
