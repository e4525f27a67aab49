"""Settings are saved together or not at all, whichever page they were typed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shop.admin.fingerprints import refuse_older
from shop.admin.settings.checking import check
from shop.admin.settings.typing_in import name_of, read
from shop.core.errors import ShopError
from shop.core.forms import ShopForm
from shop.core.settings import change_setting, setting


def standing(keys: Sequence[str]) -> dict[str, Any]:
    """What a page shows for changing; its fingerprint goes into the form."""
    return {key: setting(key) for key in keys}


def save_typed(form: ShopForm, keys: Sequence[str], *, by: str) -> None:
    """Write what differs. Raises Conflict for an older page and Refused naming the form's field."""
    values, stand = read(form, keys), standing(keys)
    try:
        refuse_older(stand)
        check(values)
        for key in (key for key in values if values[key] != stand[key]):
            change_setting(key, values[key], by=by)
    except ShopError as error:
        error.field = name_of(error.field) if error.field else None
        raise
