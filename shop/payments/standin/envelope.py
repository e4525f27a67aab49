"""How a request reaches the stand-in and how it says no: bracketed form fields in, Stripe's error envelope out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from shop.payments.standin.store import Json

_FIELD = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 12


class ApiError(Exception):
    """A refusal in Stripe's words. `stored` errors are given again under the same idempotency key."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        facts = {"code": code, "message": message, "param": param, "type": type}
        self.body: Json = {"error": {key: value for key, value in facts.items() if value is not None}}


def missing(kind: str, id: str | None, *, param: str = "id", status: int = 404) -> ApiError:
    """No such thing, said as Stripe says it."""
    return ApiError(f"No such {kind}: '{id}'", status=status, code="resource_missing", param=param)


def unfold(fields: Iterable[tuple[str, str]]) -> Json:
    """Turn `line_items[0][price_data][currency]=gbp` into nested dicts and lists."""
    tree: Json = {}
    for name, value in fields:
        match = _FIELD.fullmatch(name)
        if not match:
            raise ApiError(f"Invalid parameter name: {name}", param=name)
        path = [match[1], *_PART.findall(match[2])]
        if len(path) > _DEEPEST:
            raise ApiError(f"Parameter nested too deeply: {name}", param=name)
        _put(tree, path, value, name=name)
    return {key: _lists(value, key=key) for key, value in tree.items()}


def flat_name(path: Iterable[Any]) -> str:
    """The name of a nested parameter as Stripe writes it in `param`."""
    first, *rest = [str(part) for part in path] or [""]
    return first + "".join(f"[{part}]" for part in rest)


def _put(tree: Json, path: list[str], value: str, *, name: str) -> None:
    node = tree
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise ApiError(f"Invalid parameter: {name} is both a value and an object", param=name)
    last = path[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise ApiError(f"Invalid parameter: {name} is both a value and an object", param=name)
    node[last] = value


def _lists(value: Any, *, key: str) -> Any:
    """Objects whose keys are 0, 1, 2 … are lists; the keys of metadata stay what they are."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(child, key=name) for name, child in value.items()}
    if key != "metadata" and inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
