"""What a person wrote becomes a value or a sentence saying what is missing; the writing itself is never repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from shop.core.clock import add_months

if TYPE_CHECKING:
    from shop.care.questions import Question

Value = bool | str | date
LONGEST_TEXT = 2000
OLDEST_DAY = date(1900, 1, 1)

_YES = {"yes", "y", "true", "1", "on"}
_NO = {"no", "n", "false", "0", "off"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_SAY = {
    "yes_no": "Please answer yes or no.",
    "choice": "Please choose one of the answers.",
    "date": "Please give the day as year, month and day, for example 2026-05-01; the month alone is enough.",
    "future": "This day lies ahead. Please give a day that has passed.",
    "old": "This day is too long ago to be right. Please check the year.",
    "text": f"Please write this in words, at most {LONGEST_TEXT} characters.",
}


def read_answers(asked: Sequence[Question], answers: object, *, on: date) -> tuple[dict[str, Value], dict[str, str]]:
    """Values by question, and a sentence for each answer that cannot be read. Never raises."""
    given: Mapping[Any, Any] = answers if isinstance(answers, Mapping) else {}
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for question in asked:
        raw = given.get(question.key)
        if _is_blank(raw):
            continue
        value, trouble = _READERS[question.kind](question, raw, on)
        if value is None:
            problems[question.key] = _SAY[trouble]
        else:
            values[question.key] = value
    return values, problems


def _is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _plain(raw: object) -> str:
    """The answer as a short lower-case word; anything else than text, truth or a small number is no word."""
    if isinstance(raw, (str, bool)) or (isinstance(raw, int) and abs(raw) < 100):
        return str(raw).strip().lower()
    return ""


def _read_yes_no(question: Question, raw: object, on: date) -> tuple[Value | None, str]:
    answer = _plain(raw)
    if answer in _YES | _NO:
        return answer in _YES, ""
    return None, "yes_no"


def _read_choice(question: Question, raw: object, on: date) -> tuple[Value | None, str]:
    answer = _plain(raw)
    keys = {key for key, _ in question.options}
    if answer not in keys and answer in _NO:
        answer = "no"
    return (answer, "") if answer in keys else (None, "choice")


def _read_date(question: Question, raw: object, on: date) -> tuple[Value | None, str]:
    day = _day(raw, on)
    if day is None:
        return None, "date"
    if day > on:
        return None, "future"
    return (day, "") if day >= OLDEST_DAY else (None, "old")


def _day(raw: object, on: date) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = raw.strip() if isinstance(raw, str) else ""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        return _last_day(date.fromisoformat(f"{text}-01"), on) if _MONTH.fullmatch(text) else None
    except ValueError:
        return None


def _last_day(month: date, on: date) -> date:
    """Of a month without a day the last counts, which waits longest; of this month, today."""
    if (month.year, month.month) == (on.year, on.month):
        return on
    return month if month > on else date.fromordinal(add_months(month, 1).toordinal() - 1)


def _read_text(question: Question, raw: object, on: date) -> tuple[Value | None, str]:
    if isinstance(raw, str) and len(raw) <= LONGEST_TEXT:
        return raw.strip(), ""
    return None, "text"


_READERS = {"yes_no": _read_yes_no, "choice": _read_choice, "date": _read_date, "text": _read_text}
