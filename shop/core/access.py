"""Who may use a route is declared beside it; a shop with a route that declares nobody does not start."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Flask

Declared = TypeVar("Declared")


class Undeclared(RuntimeError):
    """A route says nothing about who may use it."""


def declare(what: Declared, who: str) -> Declared:
    """Write down who may use a view, or by default a whole blueprint.

    `who` is "public", "client" (anybody signed in), "staff" (any role) or "staff:admin,desk" (these roles).
    """
    what.who = who  # type: ignore[attr-defined]
    return what


def who_may(app: Flask, endpoint: str) -> str | None:
    """What was declared for a route: by its view, else by its blueprint, else by the blueprint around that."""
    declared: Any = getattr(app.view_functions.get(endpoint), "who", None)
    name = endpoint
    while declared is None and "." in name:
        name = name.rpartition(".")[0]
        declared = getattr(app.blueprints.get(name), "who", None)
    return declared


def refuse_undeclared(app: Flask) -> None:
    """Raises Undeclared naming every route without a declaration; called once, when all domains are attached."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules() if who_may(app, rule.endpoint) is None})
    if missing:
        raise Undeclared(f'{", ".join(missing)}: say who may use it, as in declare(bp, "public") of shop.core.access.')
