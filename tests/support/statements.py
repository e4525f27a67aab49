"""How many statements an act costs; BEGIN and COMMIT are not statements of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

NOT_OURS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@dataclass
class Count:
    """What was sent, in order; `len(count)` is the figure."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    def __str__(self) -> str:
        return f"{len(self)} statements:\n" + "\n".join(" ".join(text.split())[:160] for text in self.texts)


@contextmanager
def statements() -> Iterator[Count]:
    """`with statements() as count:` counts on every engine of this process."""
    count = Count()

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.lstrip().upper().startswith(NOT_OURS):
            count.texts.append(text)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(Engine, "before_cursor_execute", note)
