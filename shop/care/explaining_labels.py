"""The answers of the ingredient calendar as data for machines and as sentences for people, from the functions the pages use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shop.care.calendar import Finding, Session, Verdict, judge
from shop.care.classes import CLASSES
from shop.care.ingredients import Dictionary
from shop.care.labels import Label
from shop.care.linking import link_concerns
from shop.care.parsing import read_label
from shop.care.saying_dates import say_day
from shop.care.windows import Rulebook

STATUSES = ("assessed", "partly", "unknown")


def explain_inci(texts: Iterable[str], *, dictionary: Dictionary | None = None) -> dict[str, Any]:
    """What was read of each list, row by row from 1, and the totals."""
    rows = [_row(number, read_label(text, dictionary=dictionary)) for number, text in enumerate(texts, start=1)]
    totals = {
        "rows": len(rows),
        **{status: sum(row["status"] == status for row in rows) for status in STATUSES},
        "tokens": sum(row["tokens"] for row in rows),
        "recognised": sum(row["recognised"] for row in rows),
    }
    return {"rows": rows, "totals": totals}


def explain_calendar(
    inci: str,
    *,
    treatment: str,
    session: date,
    addons: Iterable[str] = (),
    on: date | None = None,
    pregnant: bool = False,
    allergies: Iterable[str] = (),
    dictionary: Dictionary | None = None,
    rules: Rulebook | None = None,
) -> dict[str, Any]:
    """The verdict on one list around one session. What was not read is named where that decides the verdict."""
    verdict = judge(
        read_label(inci, dictionary=dictionary),
        sessions=[Session(treatment, session, tuple(addons))],
        on=on,
        pregnant=pregnant,
        allergies=tuple(allergies),
        rules=rules,
    )
    return as_data(verdict)


def as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict with ISO dates; `unread` only where the verdict is that too little was read."""
    data: dict[str, Any] = {
        "verdict": verdict.verdict,
        "pause_from": _iso(verdict.pause_from),
        "back_on": _iso(verdict.back_on),
        "rules": [
            {"class": found.of_class, "rule": found.rule, "version": found.version, "source": found.source}
            for found in verdict.rules
        ],
    }
    return data | ({"unread": list(verdict.unread)} if verdict.verdict == "not assessed" else {})


def say_inci(explained: Mapping[str, Any]) -> list[str]:
    """The same as `explain_inci`, a sentence for each row."""
    said = [
        f"Row {row['row']}: {row['status']}, {row['recognised']} of {row['tokens']} read."
        + (f" Not read: {'; '.join(row['unread'])}." if row["unread"] else "")
        for row in explained["rows"]
    ]
    totals = explained["totals"]
    counts = ", ".join(f"{totals[status]} {status}" for status in STATUSES)
    return [*said, f"{totals['rows']} lists: {counts}; {totals['recognised']} of {totals['tokens']} ingredients read."]


def say_verdict(verdict: Verdict, *, on: date | None = None) -> list[str]:
    """What the person is told; nothing for a product that may simply be used, which passes in silence."""
    said = [found.sentence for found in verdict.rules if found.sentence]
    if verdict.verdict == "no" and not said:
        said.append("Our clinic’s rule says no. Ask us if you are unsure.")
    if verdict.pause_from and verdict.back_on:
        said.append(_say_pause(verdict.pause_from, verdict.back_on, on))
    if verdict.verdict == "ask" and not said:
        said.append(_say_ask(verdict.rules))
    if verdict.verdict == "not assessed":
        said.append(_say_unread(verdict))
    return said


def say_calendar(explained: Mapping[str, Any]) -> list[str]:
    """The same as `explain_calendar`, as sentences."""
    said = [f"Verdict: {explained['verdict']}."]
    if explained["pause_from"]:
        start, end = (date.fromisoformat(explained[key]) for key in ("pause_from", "back_on"))
        said.append(f"Pause from {say_day(start)}, back on {say_day(end)}.")
    said += [f"Rule {rule['rule']}, version {rule['version']} ({rule['source']})." for rule in explained["rules"]]
    return said + [f"Not read: {'; '.join(unread)}." for unread in [explained.get("unread")] if unread]


def short_day(day: date) -> str:
    """“Wed 17 June”."""
    weekday, number, month, _ = say_day(day).split(" ")
    return f"{weekday[:3]} {number} {month}"


def _row(number: int, label: Label) -> dict[str, Any]:
    concerns = dict.fromkeys(concern for concern, _, _ in link_concerns(label))
    return {
        "row": number,
        "status": label.status,
        "tokens": len(label.tokens),
        "recognised": sum(token.recognised for token in label.tokens),
        "classes": [name for name in CLASSES if name in label.classes],
        "concerns": list(concerns),
        "unread": list(label.unread),
    }


def _say_pause(start: date, back: date, on: date | None) -> str:
    if on is not None and start <= on:
        return f"Start on {short_day(back)}."
    return f"Pause from {short_day(start)}, back on {short_day(back)}."


def _say_ask(rules: Iterable[Finding]) -> str:
    reasons = dict.fromkeys(found.source for found in rules if found.verdict == "ask")
    return f"Ask us first: {'; '.join(reasons)}."


def _say_unread(verdict: Verdict) -> str:
    if not verdict.unread:
        return "We have no ingredient list of it, so we cannot say."
    return f"Not assessed: we could not read {'; '.join(verdict.unread)}."


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
