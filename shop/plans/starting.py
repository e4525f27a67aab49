"""The protocols a new clinic begins with; it changes them as it likes, and they do not come back."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.plans.models import Protocol

FILE = Path(__file__).parent / "first_protocols.toml"


@lru_cache(maxsize=1)
def first_protocols() -> list[dict[str, Any]]:
    return list(tomllib.loads(FILE.read_text(encoding="utf-8"))["protocol"])


def add_first_protocols(*, by: str) -> int:
    """Into a clinic that has none, archived ones included; says how many."""
    if db.session.scalar(select(Protocol.id).limit(1)) is not None:
        return 0
    for position, told in enumerate(first_protocols()):
        content = {"package": told["package"], "review_weeks": 8, "lines": told["lines"]}
        facts = {"name": told["name"], "concern": told["concern"], "position": position}
        db.session.add(Protocol(**facts, content=content, changed_at=clock.now(), changed_by=by))
    db.session.flush()
    return len(first_protocols())
