"""Which books of rules there are, what of a rule may be changed at the desk, and whether the changed book still works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shop.care import windows
from shop.care.claim_patterns import read_claim_rules
from shop.care.loading import book_of, in_force, rows_of_windows
from shop.care.rule_files import read_rules, spell_out, versions
from shop.care.screening_rules import read_rulebook
from shop.core import clock
from shop.core.errors import Refused

Rules = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Field:
    """One thing that may be changed. `kind`: text, number, day, lines, or a choice of `options`."""

    name: str
    words: str
    kind: str = "text"
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """One book; `try_out` raises Refused where the changed rules cannot work together."""

    words: str
    fields: tuple[Field, ...]
    try_out: Callable[[Rules], None]
    shipped: Callable[[], str]


ALWAYS = (Field("source", "Source"), Field("review_on", "To be looked at again on", "day"))


def rules_in(book: str, version: str | None = None) -> dict[str, dict[str, Any]]:
    """rule → its content, in one edition or in the one in force. Raises NotFound."""
    if book == "windows":
        pauses, conditions = rows_of_windows(version or in_force(book))
        kinds = (("windows", pauses), ("pregnancy", conditions))
        return {row["id"]: {**row, "kind_of_row": kind} for kind, rows in kinds for row in rows}
    return {rule["id"]: dict(rule) for rule in book_of(book, version)["rule"]}


def checked(book: Book, rule: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The rule with what was typed. Raises Refused with the name of the field."""
    content = dict(rule)
    for field in fields_of(book, rule):
        if field.name in given:
            content[field.name] = _read(field, given[field.name].strip(), rule)
    _refuse_unsourced(content)
    return content


def fields_of(book: Book, rule: Mapping[str, Any]) -> list[Field]:
    """What this rule has, of what may be changed in its book."""
    return [field for field in book.fields if field.name in rule] + list(ALWAYS)


def said(field: Field, rule: Mapping[str, Any]) -> str:
    """The value as the form shows it."""
    value = rule.get(field.name, "")
    if field.kind == "lines":
        return "\n".join(value)
    if field.kind == "wait":
        return ", ".join(f"{number} {unit}" for unit, number in value.items() if unit != "after")
    return str(value)


def _read(field: Field, text: str, rule: Mapping[str, Any]) -> Any:
    if field.kind == "number":
        if not (text.isascii() and text.isdecimal() and len(text) < 5):
            raise Refused(f"{field.words}: a whole number, please.", field=field.name)
        return text if isinstance(rule[field.name], str) else int(text)
    if field.kind == "day":
        return _day(field, text, rule)
    if field.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.kind == "wait":
        return _wait(field, text, rule)
    if not text:
        raise Refused(f"{field.words} cannot be empty.", field=field.name)
    if field.options and text not in field.options:
        raise Refused(f"{field.words}: one of {', '.join(field.options)}.", field=field.name)
    return text


def _day(field: Field, text: str, rule: Mapping[str, Any]) -> Any:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{field.words}: a day, as in 2027-05-31.", field=field.name) from None
    return text if isinstance(rule.get(field.name), str) else day


def _wait(field: Field, text: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    """ "6 months", "2 weeks", "1 months, 5 days"."""
    found: dict[str, Any] = {"after": rule[field.name]["after"]} if "after" in rule[field.name] else {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        number, _, unit = part.partition(" ")
        unit = unit if unit.endswith("s") else f"{unit}s"
        if not number.isdecimal() or len(number) > 4 or unit not in ("months", "weeks", "days"):
            raise Refused("How long: for example “6 months” or “2 weeks, 3 days”.", field=field.name)
        found[unit] = int(number)
    if not {"months", "weeks", "days"} & found.keys():
        raise Refused("How long: for example “6 months”.", field=field.name)
    return found


def _refuse_unsourced(content: Mapping[str, Any]) -> None:
    if not str(content.get("source", "")).strip():
        raise Refused("Every rule names its source.", field="source")
    if date.fromisoformat(str(content["review_on"])) <= clock.today():
        raise Refused("The day to look at it again lies ahead.", field="review_on")


def _try_windows(rules: Rules) -> None:
    rows: dict[str, list[Mapping[str, str]]] = {"windows": [], "pregnancy": []}
    for row in rules.values():
        rows[row["kind_of_row"]].append({name: str(value) for name, value in row.items()})
    windows.rulebook(rows["windows"], rows["pregnancy"])


def _try_screening(rules: Rules) -> None:
    read_rulebook({**book_of("screening"), "rule": list(rules.values())})


def _try_claims(rules: Rules) -> None:
    read_claim_rules({**book_of("claims"), "rule": list(rules.values())})


def _try_aftercare(rules: Rules) -> None:
    spell_out({**book_of("aftercare"), "rule": [dict(rule) for rule in rules.values()]})


def _newest_file(book: str) -> Callable[[], str]:
    return lambda: str(read_rules(book, versions(book)[-1])["version"])


BOOKS = {
    "windows": Book(
        "Ingredients around a session",
        (
            Field("before_days", "Days before", "number"),
            Field("after_days", "Days after", "number"),
            Field("verdict", "Says", "text", ("no", "ask")),
            Field("sentence", "Sentence for the person"),
        ),
        _try_windows,
        lambda: "1",
    ),
    "screening": Book(
        "Who is treated",
        (
            Field("decision", "Decides", "text", ("no", "letter", "wait")),
            Field("wait", "Waits for", "wait"),
            Field("reason", "Sentence for the person"),
        ),
        _try_screening,
        _newest_file("screening"),
    ),
    "aftercare": Book(
        "The days after",
        (Field("hours", "Hours", "number"), Field("days", "Days", "number"), Field("sentence", "Sentence for the person")),
        _try_aftercare,
        _newest_file("aftercare"),
    ),
    "claims": Book(
        "Words that promise too much",
        (Field("phrases", "Phrases, one on each line", "lines"), Field("why", "Why"), Field("better", "A better sentence")),
        _try_claims,
        _newest_file("claims"),
    ),
}
