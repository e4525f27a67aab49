"""`expand`: instead of a number the whole object, as deep as was asked for."""

from __future__ import annotations

from typing import Any

from shop.payments.standin.envelope import ApiError
from shop.payments.standin.recording import INNER
from shop.payments.standin.store import Json, Unit, without

_KINDS = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
    "dispute": "dispute",
    "source": "",  # whatever its number says
}
_SOURCES = {"ch_": "charge", "re_": "refund", "du_": "dispute", "po_": "payout"}
_DEEPEST = 4


def expanded(unit: Unit, body: Json, paths: list[str]) -> Json:
    """A copy without what Stripe shows only on request, and with what was requested."""
    wanted = [path.split(".") for path in paths]
    if any(len(path) > _DEEPEST for path in wanted):
        raise ApiError("You cannot expand more than 4 levels of a property.", param="expand")
    return _shown(unit, body, wanted)


def _shown(unit: Unit, body: Json, wanted: list[list[str]]) -> Json:
    first = {path[0] for path in wanted}
    if body.get("object") == "list":
        return _list(unit, body, wanted)
    shown = without(body, *(name for name in INNER if name not in first))
    for name in sorted(first):
        if name not in shown or (name not in _KINDS and name != "line_items"):
            raise ApiError(f"This property cannot be expanded ({name}).", param="expand")
        deeper = [path[1:] for path in wanted if path[0] == name and len(path) > 1]
        shown[name] = _whole(unit, name, shown[name], deeper)
    return shown


def _list(unit: Unit, body: Json, wanted: list[list[str]]) -> Json:
    if any(path[0] != "data" for path in wanted):
        raise ApiError("Properties of a list are expanded as data.….", param="expand")
    deeper = [path[1:] for path in wanted if len(path) > 1]
    return body | {"data": [_shown(unit, one, deeper) for one in body["data"]]}


def _whole(unit: Unit, name: str, value: Any, deeper: list[list[str]]) -> Any:
    if not isinstance(value, str):
        return value
    found = unit.find(_KINDS[name] or _SOURCES.get(value[:3], ""), value)
    return _shown(unit, found, deeper) if found else value
