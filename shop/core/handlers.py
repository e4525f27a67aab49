"""The only way up: a lower layer names what happened, `create_app()` alone says who listens.

A handler declares whether it runs in the caller's transaction (`now`) or later from the outbox (`later`). Handlers
take keyword arguments of plain values; a `later` handler gets what fits into JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

Handler = Callable[..., Any]


class Handlers:
    """Which functions hear which event; filled once at start."""

    def __init__(self) -> None:
        self.now: dict[str, list[Handler]] = {}
        self.later: dict[str, Handler] = {}

    def on(self, event: str, *handlers: Handler) -> None:
        """Run these in the caller's transaction, in this order."""
        self.now.setdefault(event, []).extend(handlers)

    def on_outbox(self, kind: str, handler: Handler) -> None:
        """Run this one for outbox rows of that kind; a kind has exactly one handler."""
        if kind in self.later:
            raise ValueError(f"{kind} has a handler already")
        self.later[kind] = handler


def attach(app: Flask) -> Handlers:
    handlers = Handlers()
    app.extensions["handlers"] = handlers
    return handlers


def fire(event: str, **facts: Any) -> list[Any]:
    """Tell everyone who listens, in the caller's transaction; returns what they answered."""
    handlers: Handlers = current_app.extensions["handlers"]
    return [handler(**facts) for handler in handlers.now.get(event, ())]


def outbox_handler(kind: str) -> Handler:
    """Raises KeyError for a kind nobody declared: a bug, shown in the attention list by the worker."""
    handlers: Handlers = current_app.extensions["handlers"]
    return handlers.later[kind]
