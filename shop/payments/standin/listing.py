"""Lists as Stripe gives them: newest first, a page at a time, from a cursor that is an object's number."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from shop.payments.standin.balancing import PAID_OUT_BY
from shop.payments.standin.envelope import ApiError, missing
from shop.payments.standin.shapes import page_of
from shop.payments.standin.store import Json, Unit

_BOUNDS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
_FILTERS = ("payment_intent", "charge", "status", "customer", "source")


def page(unit: Unit, kind: str, params: Json, *, url: str) -> Json:
    """One page of objects of a kind, filtered as the parameters ask."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise ApiError("This value must be between 1 and 100.", code="parameter_invalid_integer", param="limit")
    found = [body for body in reversed(unit.all(kind)) if _matches(body, params)]
    if "ending_before" in params:
        before = found[: _position(found, params["ending_before"], param="ending_before")]
        return page_of(before[-limit:], url=url, has_more=len(before) > limit)
    start = 0
    if "starting_after" in params:
        start = _position(found, params["starting_after"], param="starting_after") + 1
    return page_of(found[start : start + limit], url=url, has_more=len(found) > start + limit)


def _matches(body: Json, params: Json) -> bool:
    if any(name in params and body.get(name) != params[name] for name in _FILTERS):
        return False
    if "payout" in params and body.get(PAID_OUT_BY) != params["payout"]:
        return False
    if not _was_created(body["created"], params.get("created")):
        return False
    types = params.get("types") or ([params["type"]] if "type" in params else [])
    if len(types) > 20:
        raise ApiError("`types` takes up to 20 entries.", param="types")
    return not types or any(fnmatchcase(body["type"], pattern) for pattern in types)


def _was_created(created: int, wanted: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return created == wanted
    return all(getattr(created, _BOUNDS[name])(bound) for name, bound in wanted.items())


def _position(found: list[Json], id: str, *, param: str) -> int:
    for index, body in enumerate(found):
        if body["id"] == id:
            return index
    raise missing("object", id, param=param, status=400)
