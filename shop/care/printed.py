"""A pasted text made plain without moving a single sign, so that what was read can be shown where it stood."""

from __future__ import annotations

import re

from shop.care.sectioning import BULLETS, Span

BLOCK_TAG = re.compile(r"</?(?:br|p|li|ul|ol|div|h\d|t[rdh]|table)\b[^>]{0,80}>", re.IGNORECASE)
ANY_TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
GAP = re.compile(r"\s{40,}")  # parts entries like a sign does; patterns below would crawl over it
LISTED = re.compile(r"\s*\[\s*(['\"]).*\1\s*\]\s*", re.DOTALL)
LIST_SIGNS = re.compile(r"^\s*\[\s*['\"]|['\"]\s*,\s*['\"]|['\"]\s*\]\s*$")
SIGNS = str.maketrans(
    {
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u3000": " ",
        "\ufffd": " ",
        "\r": " ",
        "\u2028": "\n",
        "，": ",",
        "、": ",",
        "；": ";",
        "：": ":",
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "｜": "|",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "®": " ",
        "™": " ",
        "\u200b": " ",
        "\ufeff": " ",
    }
    | dict.fromkeys(BULLETS, "•")
)
EDGES = " \t\r\n\0.,;|:*†‡+^°'\"“”-•"


def plain(text: str) -> str:
    """The text with markup, odd spaces and signs of a printed Python list made plain; every place stays as it was."""
    if "<" in text:
        text = BLOCK_TAG.sub(lambda found: "\n" * len(found[0]), text)
        text = ANY_TAG.sub(lambda found: " " * len(found[0]), text)
    text = GAP.sub(lambda found: ("\n" if "\n" in found[0] else " ") + "\0" * (len(found[0]) - 1), text.translate(SIGNS))
    if LISTED.fullmatch(text):
        text = LIST_SIGNS.sub(lambda found: "\0" * len(found[0]), text)
    return text


def trimmed(text: str, span: Span) -> Span:
    """The span without the signs at its edges; a bracket stays when its partner does."""
    start, end = span
    while start < end and (text[start] in EDGES or _is_lone(text, start, end, place=start)):
        start += 1
    while start < end and (text[end - 1] in EDGES or _is_lone(text, start, end, place=end - 1)):
        end -= 1
    return start, end


def is_bulleted(line: str) -> bool:
    """Whether the line is one point of a list of points, rather than a list whose entries are parted by such signs."""
    return bool(re.match(r"\s*[-•]\s*\S", line)) and len(re.findall(r"•|\s-\s", line)) < 3


def _is_lone(text: str, start: int, end: int, *, place: int) -> bool:
    """A bracket at the edge whose partner stands outside."""
    part = text[start:end]
    for opening, closing in ("()", "[]", "{}"):
        if text[place] in (opening, closing):
            return part.count(opening) != part.count(closing)
    return False
