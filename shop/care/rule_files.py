"""A rulebook is a file of data with a version; a version that was ever published stays readable for good."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from shop.core.errors import NotFound, Refused

FOLDER = Path(__file__).parent / "data"


def versions(name: str, *, folder: Path = FOLDER) -> list[str]:
    """The published versions of one rulebook, the oldest first."""
    found = [path.stem.removeprefix(f"{name}_") for path in folder.glob(f"{name}_*.toml")]
    return [str(number) for number in sorted(int(version) for version in found if version.isdigit())]


@lru_cache(maxsize=64)
def read_rules(name: str, version: str | None = None, *, folder: Path = FOLDER) -> Mapping[str, Any]:
    """One rulebook with sources, author and review date written out on each rule; the newest by default.

    Raises NotFound for a version that was never published.
    """
    chosen = version or (versions(name, folder=folder) or ["none"])[-1]
    path = folder / f"{name}_{chosen}.toml"
    if not chosen.isalnum() or not path.is_file():
        raise NotFound(f"There is no version of the {name} rules under this name.")
    return spell_out(tomllib.loads(path.read_text(encoding="utf-8")))


def spell_out(book: Mapping[str, Any]) -> dict[str, Any]:
    """The same book, each rule carrying its own source, author and review date."""
    sources = book.get("sources", {})
    defaults = {"author": book.get("author", ""), "review_on": book.get("review_on"), "version": 1}
    rules = [
        defaults | rule | {"source": sources.get(rule.get("source"), rule.get("source", ""))}
        for rule in book.get("rule", [])
    ]
    _refuse_unsourced(rules)
    return {**book, "version": str(book["version"]), "rule": rules}


def due_for_review(book: Mapping[str, Any], *, on: date) -> list[str]:
    """The names of the rules whose review date has come."""
    return [rule["id"] for rule in book["rule"] if rule["review_on"] <= on]


def _refuse_unsourced(rules: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for rule in rules:
        name = rule.get("id", "")
        if not name or name in seen:
            raise Refused(f"Each rule needs a name of its own: “{name}”.")
        if not (rule["source"] and rule["author"] and isinstance(rule["review_on"], date)):
            raise Refused(f"The rule “{name}” needs a source, an author and a review date.")
        seen.add(name)
