"""One ingredient is printed in many ways; here each printed form becomes the one form that names are compared in."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

MARKS = re.compile(r"[*¬†‡§◊¤^~#°º¹²³⁰-⁹₀-₉™®©℠`\"“”„«»\u200b-\u200f\ufeff\u00ad]")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-") | dict.fromkeys("’‘´ʼ", "'") | {"\\": "/", "⁄": "/", "∕": "/"})
PERCENT = re.compile(
    r"[(\[]?\s*(?:[<>≤≥~]|up to|min\.?|max\.?)?\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:%|percent\b|per cent\b|pct\b)"
    r"(?:\s*\(?[wv]\s*/\s*[wv]\)?)?\s*[)\]]?",
    re.IGNORECASE,
)
PARTS_PER_MILLION = re.compile(r"[(\[]?\s*(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*pp(m|b)\b\s*[)\]]?", re.IGNORECASE)
COLOUR_INDEX = re.compile(r"^(?:C\s?I|COLOU?R INDEX|PIGMENT)?\s*[#:]?\s*(?:NO\s)?(\d{5})(?::(\d))?$")
CARBONS = re.compile(r"\b(C\d{1,2})[/ -]C?(\d{1,2})\b")
AMERICAN = {
    "SULPHATE": "SULFATE",
    "SULPHITE": "SULFITE",
    "SULPHUR": "SULFUR",
    "SULPHIDE": "SULFIDE",
    "ALUMINIUM": "ALUMINUM",
    "CAESIUM": "CESIUM",
    "COLOUR": "COLOR",
    "FIBRE": "FIBER",
    "HYDROLYSED": "HYDROLYZED",
    "SULPHOSUCCINATE": "SULFOSUCCINATE",
    "HCI": "HCL",
    "GLYCERINE": "GLYCERIN",
}


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The comparable form of a printed name: upper case, no accents, no footnote marks, one spelling of each sign.

    A percentage is no part of a name: take it off with `take_percent` first.
    """
    text = html.unescape(text) if "&" in text else text
    text = MARKS.sub("", text).translate(DASHES)
    text = text.replace("\ufffd", " ").replace("ß", "ss")
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    text = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", text.upper())
    text = re.sub(r"\s*([/,])\s*", r"\1", re.sub(r"\s+", " ", text))
    text = re.sub(r" ?- ?", "-", text).strip(" -,;:/+&'")
    text = CARBONS.sub(r"\1-\2", text)
    text = " ".join(AMERICAN.get(word, word) for word in text.split(" "))
    colour = COLOUR_INDEX.match(text)
    return _colour_name(colour) if colour else text


def _colour_name(found: re.Match[str]) -> str:
    return f"CI {found[1]}:{found[2]}" if found[2] else f"CI {found[1]}"


def squeeze(folded: str) -> str:
    """The folded name without spaces, hyphens and full stops, for names broken by a line end or set without a space."""
    return re.sub(r"[ \-.']", "", folded)


def take_percent(text: str) -> tuple[str, float | None]:
    """The text without its percentage, and the percentage; the larger where a range is printed."""
    found = [float(match[1].replace(",", ".")) for match in PERCENT.finditer(text)]
    found += [
        float(match[1].replace(",", "")) / (10_000 if match[2] in "mM" else 10_000_000)
        for match in PARTS_PER_MILLION.finditer(text)
    ]
    if not found:
        return text, None
    return PARTS_PER_MILLION.sub(" ", PERCENT.sub(" ", text)), max(found)


def outside_brackets(text: str) -> str:
    """The text with every bracketed part taken out; an unclosed bracket reaches to the end."""
    kept, depth = [], 0
    for sign in text:
        if sign in "([{":
            depth += 1
            kept.append(" ")
        elif sign in ")]}":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(sign)
    return "".join(kept)


def inside_brackets(text: str) -> list[str]:
    """What stands in each outermost bracket, in order."""
    parts: list[str] = []
    depth = start = 0
    for place, sign in enumerate(text):
        if sign in "([{":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif sign in ")]}" and depth:
            depth -= 1
            if not depth:
                parts.append(text[start:place])
    if depth:
        parts.append(text[start:])
    return [part for part in (part.strip() for part in parts) if part]
