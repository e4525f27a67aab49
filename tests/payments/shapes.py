"""Whether a JSON object is what stripe-python's own classes say that Stripe sends."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any, ForwardRef, Literal, NotRequired, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject

_PLAIN = (str, int, float, bool)


def faults(value: Any, hint: Any, path: str = "") -> Iterator[str]:
    """What is missing, unknown or of the wrong kind, with the way to it."""
    origin, inside = get_origin(hint), get_args(hint)
    if isinstance(hint, str | ForwardRef):
        yield from faults(value, _class(getattr(hint, "__forward_arg__", hint)), path)
    elif origin in (Union, types.UnionType):
        yield from _in_union(value, inside, path)
    elif origin is NotRequired:
        yield from faults(value, inside[0], path)
    elif origin in (list, ListObject):
        yield from _in_list(value["data"] if origin is ListObject else value, inside[0], path)
    elif _is_plain(hint):
        yield from () if _fits(value, hint) else (f"{path}: {value!r} is not {hint}",)
    else:
        yield from _in_object(value, hint, path)


def _is_plain(hint: Any) -> bool:
    return (
        get_origin(hint) in (Literal, dict) or hint in (*_PLAIN, dict, type(None)) or _name(hint) == "UntypedStripeObject"
    )


def _fits(value: Any, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    return type(value) is (hint if hint in (*_PLAIN, type(None)) else dict)


def _class(name: str) -> Any:
    """A class of the SDK by its bare name; the few that it keeps inside are taken for any object."""
    return getattr(stripe, name, None) or getattr(stripe.checkout, name, dict)


def fields_of(cls: type[StripeObject]) -> dict[str, Any]:
    """Every field that the class and its parents declare."""
    return {name: hint for part in reversed(cls.__mro__) for name, hint in _own(part).items()}


def _own(part: type) -> dict[str, Any]:
    if not issubclass(part, StripeObject) or part is StripeObject:
        return {}
    hints = inspect.get_annotations(part)
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not typing.ClassVar}


def _in_object(value: Any, cls: type[StripeObject], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: no object"
        return
    fields = fields_of(cls)
    yield from (f"{path}.{name}: Stripe sends no such field" for name in value.keys() - fields.keys())
    for name, hint in fields.items():
        if name in value:
            yield from faults(value[name], hint, f"{path}.{name}")
        elif type(None) not in get_args(hint) and get_origin(hint) is not NotRequired:
            yield f"{path}.{name}: is missing"


def _in_list(value: Any, hint: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path}: no list"
        return
    for index, one in enumerate(value):
        yield from faults(one, hint, f"{path}[{index}]")


def _in_union(value: Any, members: tuple[Any, ...], path: str) -> Iterator[str]:
    closed = members
    if any(get_origin(member) is Literal for member in members):
        # The SDK leaves every list of words open for words to come; the stand-in has no business with those.
        closed = tuple(member for member in members if member is not str)
    found = [list(faults(value, member, path)) for member in closed]
    if all(found):
        yield min(found, key=len)[0] if len(found) == 1 else max(found, key=len)[0]


def _name(hint: Any) -> str:
    return str(getattr(get_origin(hint) or hint, "__name__", ""))
