"""What stands around an ingredient list is set aside: headings, promises, footnotes and legal text. Nothing is thrown away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from shop.care.ingredients import word_list

Span = tuple[int, int]

BULLETS = "•●▪◦‣∙·■"
NO_LIST = re.compile(
    r"\s*(?:no[ -]?info(?:rmation)?|n/?a|none|null|nan|unknown|tb[ac]|not (?:available|listed|provided|disclosed)|coming soon|"
    r"(?:please )?(?:see|check|refer to) (?:the )?(?:pack|label|box|product|website|carton).*|visit the .{1,60} boutique|"
    r"-+|\?+|\.+)?[\s.]*",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:\b(?:rd[sx]?\s+)?product name:[^:]{0,80}?division:\s*\w+\s*\([^)]*\)|(?:(?<=\n)|^)[^\n,:]{0,80}\bdivision:\s*\w+\s*\([^)]*\)|"
    r"(?:\b(?:full|all|complete|key|(?:in|other )?active|other|main|medicinal|non-?medicinal|drug|product|contains)\s{1,9}){0,4}"
    r"(?:\b|(?<=[a-z%\d)]))(?:ingredients?|ingr[ée]dients?|inci(?:[ -]names?)?|ingredientes|ingredienti|inhaltsstoffe|bestandteile|sk[łl]adniki|"
    r"composition|composici[óo]n)(?:\s+lists?|\s*\((?:inci|eu|us)\))*(?:\s*:+\s*|(?<=\n\w{11})\s*(?=\n)|(?<=^\w{11})\s*(?=\n)|\s+-+\s+(?=\w)))",
    re.IGNORECASE,
)
KEY_LABEL = re.compile(r"(?:key|main|hero|star)\s", re.IGNORECASE)
MAY_CONTAIN = re.compile(
    r"[\[(]?\s*(?:(?:may|peut|puede|kann|pu[òo])\s*(?:contain|contenir|contener|enthalten|contenere)(?!\s+traces)|\+\s*/\s*-?|±)"
    r"(?:[\s/:()+±-]|(?:may|peut)\s*(?:contain|contenir))*",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"subject to change|ingredient lists? (?:may|are|is)|please (?:be aware|refer|check|read|note|see|consult)|most up[- ]to[- ]date|"
    r"product packag|for external use|keep out of|avoid contact|if irritation|warning|caution\b|dermatolog|cruelty|tested on|"
    r"made (?:of|from)\b|contains? less\b|formulated with\b|"
    r"less than \d|percent(?:age)? natural|% (?:of )?(?:the )?(?:total|natural|organic|ingredients)|www\.|https?:|copyright|patent|"
    r"propellant is|may change|vary from|clinically|suitable for|all rights|made in\b|store (?:in|at|below|away)|produced (?:in|by)|manufactured|distributed by|use within|shake|apply",
    re.IGNORECASE,
)
DENIAL = re.compile(
    r"\bfree (?:of|from)\b|\bwithout\b|\b(?:does|do|did) not (?:contain|use)|\bcontains? no\b|\bno added\b", re.IGNORECASE
)
PROSE = word_list("prose")
ABBREVIATION = re.compile(
    r"(?:\b(?:no|st|ext|var|spp?|ssp|subsp|dr|veg|nos|approx|incl|vs|f|l|c|i|d|cv|alcohol denat)|[&])$", re.IGNORECASE
)
FOOTNOTE = re.compile(r"(?<![,;|\s])[.\s]*\s(?=[*†‡+^°]+\s*[A-Za-z\d])|[.\n](?=\s*[*†‡+^°]+\s*:?\s*[\w])")


def lines_of(text: str) -> Iterator[Span]:
    """The lines of a text; a line goes on in the next when a name or a list is plainly broken off there."""
    start = 0
    for found in re.finditer(r"\n", text):
        if not _goes_on(text[start : found.start()], text[found.end() :]):
            yield start, found.start()
            start = found.end()
    yield start, len(text)


def _goes_on(before: str, after: str) -> bool:
    line, following = before.rsplit("\n", 1)[-1].rstrip(), after.split("\n", 1)[0].strip()
    if not line.strip() or not following or line.endswith((".", ":", ";", "]")):
        return False
    if re.match(rf"[-*{BULLETS}†+]|\w[^,]*:", following):
        return False
    return "," in line and ("," in following or not line.endswith(",")) and not LEGAL.search(following)


def sentences_of(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a line: lists end in a full stop, and footnotes begin with their mark."""
    start, end = span
    for found in re.finditer(r"\.+\s+(?=[A-Z*†‡+^\[(\d•-])|" + FOOTNOTE.pattern, text[span[0] : span[1]]):
        stop = span[0] + found.end()
        if stop <= start or ABBREVIATION.search(text[start : span[0] + found.start()]):
            continue
        if found[0].startswith(".") and text[stop : stop + 1] in "([" and not MAY_CONTAIN.match(text, stop):
            continue
        yield start, stop
        start = stop
    yield start, end


def is_aside(sentence: str, is_name: Callable[[str], bool], *, is_bullet: bool) -> bool:
    """Whether a sentence is no part of a list. One that begins with an ingredient always is, and so is what reads as a list."""
    said = re.findall(r"[A-Za-z’']+", sentence)
    if not said:
        return False
    entries = [entry.strip(" .*+") for entry in re.split(r"[,;|]", sentence.lstrip("-*†+ " + BULLETS))]
    names = [is_name(entry) for entry in entries if entry]
    named = sum(names) / max(1, len(names))
    if denial := DENIAL.search(sentence):
        return not any(is_name(entry.strip(" .*+")) for entry in re.split(r"[,;|]", sentence[: denial.start()]))
    if is_bullet or re.match(r"\s*[*†‡+^°]+", sentence):
        return named < 0.5
    if named >= 0.3 or names[:1] == [True]:
        return False
    prose = sum(word.lower() in PROSE for word in said)
    return bool(LEGAL.search(sentence)) or (prose >= 2 and prose / len(said) > 0.08)
