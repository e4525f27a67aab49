"""What the matching rules look at: a product as they see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol


class Candidate(Protocol):
    """What matching needs to know of a product. `ingredients`, all names that were read, may be added."""

    @property
    def slug(self) -> str: ...
    @property
    def step(self) -> str | None: ...
    @property
    def area(self) -> str: ...
    @property
    def skin_types(self) -> Sequence[str]: ...
    @property
    def actives(self) -> Sequence[tuple[str, int]]: ...
    @property
    def classes(self) -> Collection[str]: ...
    @property
    def reading(self) -> str: ...
