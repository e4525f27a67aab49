"""Who answers: a client, or a browser that nobody has signed in with yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, or_


@dataclass(frozen=True)
class Subject:
    """A signed-in client may also have answered in this browser before; both are hers."""

    client_id: int | None = None
    browser_hash: str | None = None

    def owns(self, model: Any) -> Any:
        """The condition under which a row of answers, facts or drafts is this subject's."""
        own = [model.client_id == self.client_id] if self.client_id is not None else []
        own += [model.browser_hash == self.browser_hash] if self.browser_hash is not None else []
        return or_(*own) if own else false()

    @property
    def is_known(self) -> bool:
        return self.client_id is not None or self.browser_hash is not None

    @property
    def owner(self) -> dict[str, Any]:
        """The columns of a new row: a client's, else the browser's."""
        by_browser = self.browser_hash if self.client_id is None else None
        return {"client_id": self.client_id, "browser_hash": by_browser}

    @property
    def keys(self) -> list[str]:
        """Under which drafts are kept: the client's, then the browser's."""
        client = [f"client:{self.client_id}"] if self.client_id is not None else []
        return client + ([f"browser:{self.browser_hash}"] if self.browser_hash is not None else [])

    @property
    def key(self) -> str:
        return self.keys[0]
