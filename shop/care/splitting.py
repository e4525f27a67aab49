"""Where one entry of an ingredient list ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Span = tuple[int, int]
IsName = Callable[[str], bool]

PAIRS = {")": "(", "]": "[", "}": "{"}
CHEMICAL_COMMA = re.compile(
    r"(?<=\d),(?= ?\d)|(?<=\b[NOSP]),(?=[NOSP]['’]?-)|(?<=[NOSP]['’]),(?=[NOSP]['’]?-)|(?<=\d['’]),(?=\d)"
)
AFTER_FIGURE = re.compile(r"(?<=\d),\s*(?=\d)")
FINER = (
    r"\s*\n\s*",
    r"\s*\(and\)\s*|\s+and/or\s+|\s+(?:and|et|und|e|y|&)\s+",
    r"\.+\s+",
    r"(?<=%)\s*(?=[A-Z])|(?<=%\))\s*(?=[A-Z])",
    r"\s+-+\s+",
    r"\s*\*+\s*",
    r"\s*\+\s*",
    r"\s*:\s*",
    r"\.",
)
LONGEST_NAME = 9
MOST_FIGURES = 20
LONG_RUN = 12


def entries_of(text: str, span: Span) -> Iterator[Span]:
    """The entries between two places: parted at commas and their like, but not inside brackets or chemical names."""
    start, end = span
    separators = _separators(text[start:end])
    depths = _depths(text, span)
    kept = {start + found.start() for found in CHEMICAL_COMMA.finditer(text[start:end])}
    place = start
    for found in separators.finditer(text, start, end):
        if depths[found.start() - start] or found.start() in kept:
            continue
        yield place, found.start()
        place = found.end()
    yield place, end


def finer_entries(text: str, span: Span, is_name: IsName) -> list[Span]:
    """An unread entry taken apart where every part then is a name; the entry alone when no way of parting does that."""
    for found in list(AFTER_FIGURE.finditer(text, *span))[:MOST_FIGURES]:
        parts = [(span[0], found.start()), (found.end(), span[1])]
        if all(is_name(text[start:end]) for start, end in parts):
            return parts
    for separator in FINER:
        parts = _parted(text, span, re.compile(separator))
        if len(parts) > 1 and all(is_name(text[start:end]) for start, end in parts):
            return parts
    return _runs(text, span, is_name)


def nested_entries(text: str, span: Span, is_name: IsName) -> tuple[Span, list[Span]] | None:
    """The head and the entries of a bracketed list inside an entry; None when the bracket only explains its name."""
    found = re.match(r"([^(\[{]*)[(\[{](.*?)[)\]}]?[\s.*]*$", text[span[0] : span[1]], re.DOTALL)
    if not found or not re.search(r"[,;]", found[2]):
        return None
    head = (span[0], span[0] + found.end(1))
    inner = list(entries_of(text, (span[0] + found.start(2), span[0] + found.end(2))))
    named = [is_name(text[start:end]) for start, end in inner]
    if not any(named) or len(inner) < 2 or (all(named) and is_name(text[slice(*head)])):
        return None
    return head, inner


def _separators(text: str) -> re.Pattern[str]:
    """The signs that part this list; dashes, slashes and tabs only where no better sign is used."""
    if len(re.findall(r"[,;|●•]", text)) >= 2:
        return re.compile(r"&\w+;|[,;|●•\0]" if "&" not in text else r"(?<!&amp)(?<!&nbsp)(?<!&#39)[,;|●•\0]")
    for sign in (r"\s+-+\s+", r"\s+/\s+", r"\t+", r"\s{3,}", r"\n"):
        if len(re.findall(sign, text)) >= 3:
            return re.compile(rf"{sign}|[,;|●•\0]")
    return re.compile(r"[,;|●•\0]")


def _depths(text: str, span: Span) -> list[int]:
    """How many brackets stand open at each place; a bracket that never closes, or holds half the list, does not count."""
    steps = [0] * (span[1] - span[0] + 1)
    open_at: list[tuple[str, int]] = []
    for place in range(*span):
        sign = text[place]
        if sign in "([{":
            open_at.append((sign, place))
        elif sign in PAIRS and any(PAIRS[sign] == opened for opened, _ in open_at):
            while open_at and open_at[-1][0] != PAIRS[sign]:
                open_at.pop()
            _, opened_at = open_at.pop()
            if text.count(",", opened_at, place) <= 60:
                steps[opened_at - span[0]] += 1
                steps[place - span[0]] -= 1
    depths, depth = [], 0
    for step in steps:
        depth += step
        depths.append(depth)
    return depths


def _parted(text: str, span: Span, separator: re.Pattern[str]) -> list[Span]:
    parts, place = [], span[0]
    for found in separator.finditer(text, *span):
        parts.append((place, found.start()))
        place = found.end()
    parts.append((place, span[1]))
    return [part for part in parts if text[slice(*part)].strip(" .*")]


def _runs(text: str, span: Span, is_name: IsName) -> list[Span]:
    """Names printed one after the other with nothing between them. A short run must be names through and through."""
    words = [(span[0] + found.start(), span[0] + found.end()) for found in re.finditer(r"\S+", text[slice(*span)])]
    if not 2 <= len(words) <= 400:
        return [span]
    best = _cheapest(text, words, is_name)
    runs: list[tuple[Span, bool]] = []
    place = len(words)
    while place:
        length, named = best[place][1:]
        run = (words[place - length][0], words[place - 1][1])
        if not named and runs and not runs[-1][1]:
            run, _ = (run[0], runs.pop()[0][1]), None
        runs.append((run, named))
        place -= length
    unread = sum(end - start for (start, end), named in runs if not named)
    allowed = 0.3 * (span[1] - span[0]) if len(words) >= LONG_RUN else 0
    return [run for run, _ in reversed(runs)] if len(runs) > 1 and unread <= allowed else [span]


def _cheapest(text: str, words: list[Span], is_name: IsName) -> list[tuple[int, int, bool]]:
    """For each count of words: the cost of the best reading, and the length and kind of its last run."""
    best: list[tuple[int, int, bool]] = [(0, 0, True)]
    for place in range(1, len(words) + 1):
        options = [(best[place - 1][0] + 5, 1, False)]
        options += [
            (best[place - length][0] + 1, length, True)
            for length in range(1, min(LONGEST_NAME, place) + 1)
            if is_name(text[words[place - length][0] : words[place - 1][1]])
        ]
        best.append(min(options))
    return best
