"""A printed ingredient list is read into named entries in their order; what is no list is set aside, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shop.care import ingredients
from shop.care.ingredients import Dictionary
from shop.care.labels import PARTLY_READ, Label, Token
from shop.care.naming import is_name, read_name
from shop.care.normalising import outside_brackets
from shop.care.printed import is_bulleted, plain, trimmed
from shop.care.sectioning import KEY_LABEL, LABEL, MAY_CONTAIN, NO_LIST, is_aside, lines_of, sentences_of
from shop.care.splitting import Span, entries_of, finer_entries, nested_entries

HIGHLIGHTS = 4
MOST_HEADINGS = 3


def read_label(text: str, *, dictionary: Dictionary | None = None) -> Label:
    """Read a list as it is printed, pasted or exported. Anything is accepted; what holds no list gives no entries."""
    reader = _Reader(text or "", dictionary or ingredients.dictionary())
    reader.read()
    return reader.label()


class _Reader:
    """The work on one text. All places are places in the text as given, so that each sign of it stays accounted for."""

    def __init__(self, text: str, dictionary: Dictionary) -> None:
        self.text = text
        self.plain = plain(text)
        self.dictionary = dictionary
        self.tokens: list[tuple[Span, bool]] = []
        self.asides: list[Span] = []
        self.mentioned: list[Span] = []

    def read(self) -> None:
        if NO_LIST.fullmatch(self.plain):
            self.asides.append((0, len(self.text)))
            return
        may_contain = self._set_labels_aside()
        highlights: list[Span] = []
        for line in lines_of(self.plain):
            if is_bulleted(self.plain[slice(*line)]):
                highlights.append(line)
            else:
                self._read_line(line, may_contain)
        self._read_highlights(highlights)

    def label(self) -> Label:
        self.tokens = list(self._joined(sorted(self.tokens)))
        tokens = tuple(self._token(span, may, number) for number, (span, may) in enumerate(self.tokens, start=1))
        mentions = tuple(self._token(span, False, 0) for span in self.mentioned)
        return Label(self.text, tokens, tuple(self._pieces()), mentions)

    def _joined(self, tokens: list[tuple[Span, bool]]) -> Iterator[tuple[Span, bool]]:
        """Names that a stray comma or line end has cut in two are put together again, where only that makes a name."""
        waiting: tuple[Span, bool] | None = None
        for span, may in tokens:
            if waiting and (whole := self._whole(waiting[0], span)):
                waiting = (whole, may)
                continue
            if waiting:
                yield waiting
            waiting = (span, may)
        if waiting:
            yield waiting

    def _whole(self, first: Span, second: Span) -> Span | None:
        gap, parts = self.plain[first[1] : second[0]], (self.plain[slice(*first)], self.plain[slice(*second)])
        if not re.fullmatch(r"[\s,;*-]+", gap) or all(map(self._is_name, parts)):
            return None
        return (first[0], second[1]) if outside_brackets(" ".join(parts)) in self.dictionary else None

    def _set_labels_aside(self) -> list[Span]:
        """Blank "Ingredients:" and "may contain", and say from where to where what stands may be contained."""
        may = [(found.end(), _end_of_may_contain(self.plain, found)) for found in MAY_CONTAIN.finditer(self.plain)]
        labels = list(LABEL.finditer(self.plain))
        for key, following in pairwise(labels):
            if KEY_LABEL.match(key[0]):
                self._praise((key.end(), following.start()))
        for found in [*MAY_CONTAIN.finditer(self.plain), *labels]:
            self._set_aside(*found.span())
            blank = "\0" if MAY_CONTAIN.fullmatch(found[0]) else "\n"
            self.plain = self.plain[: found.start()] + blank * len(found[0]) + self.plain[found.end() :]
        return may

    def _read_line(self, line: Span, may_contain: list[Span]) -> None:
        for sentence in sentences_of(self.plain, line):
            if is_aside(self.plain[slice(*sentence)], self._is_name, is_bullet=False):
                self._set_aside(*sentence)
                continue
            for number, entry in enumerate(entries_of(self.plain, sentence)):
                may = any(start <= entry[0] < end for start, end in may_contain)
                self._read_entry(entry, may, is_first=not number)

    def _read_entry(self, entry: Span, may: bool, *, is_first: bool) -> None:
        span = trimmed(self.plain, entry)
        if re.match(r"\s*:", self.plain[span[1] : entry[1]]) and not self._is_name(self.plain[slice(*span)]):
            self._set_aside(*span)
            return
        span = self._after_heading(span, is_first=is_first)
        if span[0] >= span[1] or not re.search(r"[^\W_]", self.plain[slice(*span)]):
            return
        if nested := nested_entries(self.plain, span, self._is_name):
            self._read_nested(*nested, may)
        elif self._is_name(self.plain[slice(*span)]):
            self.tokens.append((span, may))
        else:
            parts = [trimmed(self.plain, part) for part in finer_entries(self.plain, span, self._is_name)]
            self.tokens += [(part, may) for part in parts if part[0] < part[1]]

    def _read_nested(self, head: Span, inner: list[Span], may: bool) -> None:
        head = trimmed(self.plain, head)
        if head[0] < head[1]:
            if self._is_name(self.plain[slice(*head)]):
                self.tokens.append((head, may))
            else:
                self._set_aside(*head)
        for entry in inner:
            self._read_entry(entry, may, is_first=False)

    def _after_heading(self, span: Span, *, is_first: bool) -> Span:
        """Take "Step one:" off an entry; a name before a colon is the entry, and what is said of it stands aside."""
        for _ in range(MOST_HEADINGS):
            found = re.search(r"(?<!\d):|:(?!\d)", self.plain[slice(*span)])
            if not found or re.fullmatch(r"\W*c\W?i\W*", self.plain[span[0] : span[0] + found.start()], re.IGNORECASE):
                return span
            head, rest = (span[0], span[0] + found.start()), trimmed(self.plain, (span[0] + found.end(), span[1]))
            names_rest = self._is_name(self.plain[slice(*rest)])
            if self._is_name(self.plain[slice(*head)]):
                if not names_rest and rest[0] < rest[1]:
                    self._set_aside(*rest)
                    return head
                return span
            if not (is_first or names_rest or rest[0] >= rest[1]):
                return span
            self._set_aside(*head)
            span = rest
        return span

    def _read_highlights(self, lines: list[Span]) -> None:
        """Lines that begin with a dash praise a few ingredients. They are the list only where there is no other."""
        entries = [trimmed(self.plain, line) for line in lines]
        names = [self._is_name(self.plain[slice(*entry)]) for entry in entries]
        if not self.tokens and len(lines) >= HIGHLIGHTS and sum(names) >= PARTLY_READ * len(names):
            self.tokens += [(entry, False) for entry in entries]
            return
        for line, entry in zip(lines, entries, strict=True):
            if (
                not self.tokens
                and not is_aside(self.plain[slice(*line)], self._is_name, is_bullet=True)
                and self.plain.count(",", *line) > HIGHLIGHTS
            ):
                self._read_line(entry, [])
                continue
            self._set_aside(*line)
            self._mention(entry)

    def _praise(self, span: Span) -> None:
        """Key ingredients named before the list itself: said twice, they would move every place in it."""
        self._mention(span)
        self._set_aside(*span)
        self.plain = self.plain[: span[0]] + "\n" * (span[1] - span[0]) + self.plain[span[1] :]

    def _mention(self, entry: Span) -> None:
        """Ingredients that a praise begins with are no list, but what they warn of counts."""
        found = re.search(r":", self.plain[slice(*entry)])
        head = (entry[0], entry[0] + found.start()) if found else entry
        for part in entries_of(self.plain, head):
            for finer in finer_entries(self.plain, trimmed(self.plain, part), self._is_name):
                if self._is_name(self.plain[slice(*finer)]):
                    self.mentioned.append(finer)

    def _printed(self, span: Span) -> str:
        """What stands there as one name, the comma that cut it in two left out."""
        printed = self.plain[slice(*span)]
        mended = re.sub(r"[\s,;*]+", " ", printed)
        return printed if self._is_name(printed) or not self._is_name(mended) else mended

    def _is_name(self, printed: str) -> bool:
        return is_name(printed, self.dictionary)

    def _set_aside(self, start: int, end: int) -> None:
        self.asides.append((start, end))

    def _token(self, span: Span, may: bool, number: int) -> Token:
        reading = read_name(self._printed(span), self.dictionary)
        return Token(
            self.text[slice(*span)], reading.name, reading.percent, may, number, reading.name is not None, reading.also
        )

    def _pieces(self) -> Iterator[tuple[str, int, int]]:
        """Tokens and asides in order; what neither covers is marks, or aside where it holds a letter or a figure."""
        taken = sorted(
            [("token", *span) for span, _ in self.tokens] + [("aside", *span) for span in self.asides],
            key=lambda piece: piece[1:],
        )
        place = 0
        for kind, start, end in taken:
            if start > place:
                yield _mark_or_aside(self.text, place, start)
            if end > place:
                yield kind, max(start, place), end
            place = max(place, end)
        if place < len(self.text):
            yield _mark_or_aside(self.text, place, len(self.text))


def _end_of_may_contain(text: str, found: re.Match[str]) -> int:
    """Up to the bracket that closes what the words opened, else to the end of the line."""
    opened = found[0].count("[") + found[0].count("(") - found[0].count("]") - found[0].count(")")
    depth = 1
    for place in range(found.end(), len(text)):
        if text[place] == "\n":
            return place
        depth += (text[place] in "([") - (text[place] in ")]")
        if opened > 0 and not depth:
            return place
    return len(text)


def _mark_or_aside(text: str, start: int, end: int) -> tuple[str, int, int]:
    return ("aside" if re.search(r"[^\W_]", text[start:end]) else "mark"), start, end
