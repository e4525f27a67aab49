"""A change of a rule is a new version in a new edition; what decided before stays readable, and going back is one more edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from shop.admin.rules.books import BOOKS, Book, checked, rules_in
from shop.care.loading import OWN, dated, forget_editions, in_force
from shop.care.models import RuleEdition, RuleVersion
from shop.core import clock
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.core.history import record

MOST_NOTE = 500


def change(book: str, rule: str, given: Mapping[str, str], *, note: str, author: str, by: str) -> RuleEdition:
    """Write one rule anew. Raises Refused when it cannot work, or lacks its source, its review date or a reason."""
    found, why = _book(book), note.strip()
    if not why:
        raise Refused("Say in a sentence why the rule changes.", field="note")
    rules = rules_in(book)
    if rule not in rules:
        raise NotFound("There is no such rule.")
    content = checked(found, rules[rule], given) | {"author": author}
    if _same(content, rules[rule]):
        raise Refused("Nothing is different from the rule in force.")
    version = int(db.session.scalar(_newest_version(book, rule)) or rules[rule]["version"]) + 1
    content["version"] = version
    found.try_out({**rules, rule: dated(content)})
    db.session.add(
        RuleVersion(
            book=book,
            rule=rule,
            version=version,
            content=_plain(content),
            source=str(content["source"]),
            author=author,
            review_on=date.fromisoformat(str(content["review_on"])),
            made_at=clock.now(),
            by=by,
        )
    )
    return _publish(book, {**_chosen(book), rule: version}, note=why[:MOST_NOTE], by=by)


def take_out(book: str, rule: str, *, note: str, by: str) -> RuleEdition:
    """The rule speaks no more; it can be brought back by going back to an edition that has it."""
    if not note.strip():
        raise Refused("Say in a sentence why the rule goes.", field="note")
    chosen = _chosen(book)
    if not chosen.get(rule):
        raise NotFound("There is no such rule.")
    _book(book).try_out({name: row for name, row in rules_in(book).items() if name != rule})
    return _publish(book, {**chosen, rule: 0}, note=note.strip()[:MOST_NOTE], by=by)


def go_back(book: str, version: str, *, note: str, by: str) -> RuleEdition:
    """The rules as they were in an earlier edition, as a new one. Raises NotFound, or Refused where nothing would change."""
    chosen = chosen_in(book, version)
    if chosen == _chosen(book):
        raise Refused("These are the rules in force.")
    return _publish(book, chosen, note=note.strip()[:MOST_NOTE] or f"Back to {version}", by=by)


def editions_of(book: str) -> list[RuleEdition]:
    """The newest first."""
    rows = select(RuleEdition).where(RuleEdition.book == book).order_by(RuleEdition.number.desc())
    return list(db.session.scalars(rows.limit(100)))


def chosen_in(book: str, version: str) -> dict[str, int]:
    """rule → version in one edition. Raises NotFound."""
    if not version.startswith(OWN):
        if version != _book(book).shipped():
            raise NotFound("There is no such edition.")
        return {rule: int(row["version"]) for rule, row in rules_in(book, version).items()}
    number = version.removeprefix(OWN)
    same = (RuleEdition.book == book, RuleEdition.number == (int(number) if number.isdecimal() and len(number) < 9 else 0))
    edition = db.session.scalars(select(RuleEdition).where(*same)).first()
    if edition is None:
        raise NotFound("There is no such edition.")
    return {rule: int(version) for rule, version in edition.chosen.items()}


def _chosen(book: str) -> dict[str, int]:
    return chosen_in(book, in_force(book))


def _publish(book: str, chosen: Mapping[str, int], *, note: str, by: str) -> RuleEdition:
    newest = db.session.scalar(select(func.max(RuleEdition.number)).where(RuleEdition.book == book)) or 0
    facts = {"base": _book(book).shipped(), "chosen": dict(chosen), "note": note, "made_at": clock.now(), "by": by}
    edition = RuleEdition(book=book, number=newest + 1, **facts)
    db.session.add(edition)
    record(f"rules:{book}", axis="edition", was=in_force(book), now=f"{OWN}{newest + 1}", by=by)
    db.session.flush()
    forget_editions()
    return edition


def _newest_version(book: str, rule: str) -> Any:
    return select(func.max(RuleVersion.version)).where(RuleVersion.book == book, RuleVersion.rule == rule)


def _book(book: str) -> Book:
    if book not in BOOKS:
        raise NotFound("There is no such rulebook.")
    return BOOKS[book]


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in content.items()}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    left = {name: str(value) for name, value in one.items() if name not in ("version", "author")}
    return left == {name: str(value) for name, value in other.items() if name not in ("version", "author")}
