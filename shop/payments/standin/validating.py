"""Which parameters Stripe takes, read from the SDK's own types, so that a wrong name is refused as Stripe would."""

from __future__ import annotations

import re
import types
import typing
from functools import cache
from importlib import import_module
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict, is_typeddict

from shop.payments.standin.envelope import ApiError, flat_name
from shop.payments.standin.store import Json

_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)


def checked(params: Json, *, module: str, name: str) -> Json:
    """The parameters with numbers and booleans read; raises ApiError where Stripe would refuse.

    `module` and `name` say which of the SDK's parameter types describes the call.
    """
    _refuse_empty(params, path=())
    try:
        read: Json = adapter(module, name).validate_python(params)
    except ValidationError as error:
        raise _as_stripe(error.errors()[0], params) from None
    return read


@cache
def adapter(module: str, name: str) -> TypeAdapter[Any]:
    """A validator for one of the SDK's TypedDicts, closed: unknown keys are errors at every depth."""
    defined_in = import_module(f"stripe.params.{module}")
    return TypeAdapter(_closed(getattr(defined_in, name)))


@cache
def _closed(source: Any) -> Any:
    from stripe import RequestOptions

    # Options of the call travel in headers; they are no parameters.
    options = RequestOptions.__annotations__
    own = {key: hint for key, hint in source.__annotations__.items() if key not in options}
    names = vars(import_module(source.__module__))
    hints = typing.get_type_hints(types.SimpleNamespace(__annotations__=own), names, include_extras=True)
    fields = {key: _rewritten(hint) for key, hint in hints.items()}
    closed: Any = TypedDict(source.__name__, fields)  # type: ignore[operator, misc]
    setattr(closed, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 - not in the types
    return closed


def _rewritten(hint: Any) -> Any:
    """The same type for text from a form, with nothing open beside a closed list of words."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (NotRequired, Required):
        return origin[_rewritten(inside[0])]
    if origin in (Union, types.UnionType):
        return _union(inside)
    if origin is list:
        return list[_rewritten(inside[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[str, _rewritten(inside[1])]  # type: ignore[misc]
    if origin is Literal:
        return hint
    if is_typeddict(hint):
        return _closed(hint)
    if hint is int:
        return Annotated[int, BeforeValidator(_integer)]
    if hint is bool:
        return Annotated[bool, BeforeValidator(_boolean)]
    return hint


def _union(members: tuple[Any, ...]) -> Any:
    kept = [member for member in members if not _is_open_object(member)]
    if any(get_origin(member) is Literal for member in kept):
        kept = [member for member in kept if member is not str]
    kept = [member for member in kept if get_args(member) != ("",)] or kept
    return Union[tuple(_rewritten(member) for member in kept)]  # noqa: UP007


def _is_open_object(member: Any) -> bool:
    """The SDK lets its own objects stand where a dict is meant; a form never holds one."""
    return getattr(get_origin(member) or member, "__name__", "") == "UntypedStripeObject"


def _integer(value: Any) -> int:
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        raise ValueError("integer")
    return int(value)


def _boolean(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError("boolean")
    return bool(value == "true")


def _refuse_empty(value: Any, *, path: tuple[Any, ...]) -> None:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        _refuse_empty(child, path=(*path, key))
    if value == "" and "metadata" not in path:
        name = flat_name(path)
        raise ApiError(
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or "
            "supply a non-empty value.",
            code="parameter_invalid_empty",
            param=name,
        )


def _as_stripe(error: Any, params: Json) -> ApiError:
    path, value = _path(error["loc"], params)
    name = flat_name(path)
    if error["type"] == "extra_forbidden":
        return ApiError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    if error["type"] == "missing":
        return ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if error["type"] == "literal_error":
        words = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return ApiError(f"Invalid {name}: must be one of {words}", param=name)
    if str(error.get("ctx", {}).get("error")) == "integer":
        return ApiError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    if str(error.get("ctx", {}).get("error")) == "boolean":
        return ApiError(f"Invalid boolean: {value}", param=name)
    wanted = {"dict_type": "object", "list_type": "array", "string_type": "string"}.get(error["type"], "value")
    return ApiError(f"Invalid {wanted}", param=name)


def _path(loc: tuple[Any, ...], params: Json) -> tuple[list[Any], Any]:
    """The way to the fault in the caller's words: the validator also names branches of unions."""
    path: list[Any] = []
    node: Any = params
    for index, part in enumerate(loc):
        is_key = isinstance(node, dict) and part in node
        if is_key or (isinstance(node, list) and isinstance(part, int)):
            path.append(part)
            node = node[part]
        elif index == len(loc) - 1 and isinstance(node, dict):
            path.append(part)
    return path, node
