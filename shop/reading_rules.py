"""`shop load-rules`: whether each book of rules can be used, which edition decides, and what of it is due to be read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from shop.admin.rules.books import BOOKS, rules_in
from shop.care.loading import OWN, in_force
from shop.care.models import RuleEdition
from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError


@dataclass(frozen=True)
class Read:
    """One book as it is in force; `shipped` is a newer file than the one the clinic's edition began from, if there is one."""

    name: str
    version: str
    rules: int = 0
    due: int = 0
    shipped: str = ""
    fault: str = ""

    @property
    def sentence(self) -> str:
        if self.fault:
            return f"{self.name}: {self.fault}"
        due = f", {self.due} due for review" if self.due else ""
        newer = f"; the shop brings {self.shipped} since, compare it at /admin/rules" if self.shipped else ""
        return f"{self.name}: {self.version} is in force, {self.rules} rules{due}{newer}"


def read_all() -> list[Read]:
    """Each book, read and tried out as the desk does before a change counts."""
    return [_read(name) for name in BOOKS]


def _read(name: str) -> Read:
    version = in_force(name)
    try:
        rules = rules_in(name)
        BOOKS[name].try_out(rules)
    except ShopError as refused:
        return Read(name, version, fault=refused.sentence)
    except (KeyError, TypeError, ValueError) as broken:
        return Read(name, version, fault=f"cannot be read ({type(broken).__name__}: {broken}).")
    today, newest = clock.today(), BOOKS[name].shipped()
    due = sum(_review(rule) <= today for rule in rules.values())
    return Read(name, version, rules=len(rules), due=due, shipped=newest if newest != _base(name, version) else "")


def _review(rule: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(rule["review_on"]))


def _base(name: str, version: str) -> str:
    """The shipped file that the edition in force began from."""
    if not version.startswith(OWN):
        return version
    found = select(RuleEdition.base).where(RuleEdition.book == name, RuleEdition.number == int(version.removeprefix(OWN)))
    return db.session.scalar(found) or version
