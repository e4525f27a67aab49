"""What a form of a plan's page carries."""

from __future__ import annotations

import re
import secrets

from flask import request

from shop.core.errors import Refused

_SHAPE = re.compile(r"[\w-]{16,64}", re.ASCII)


def draw_cause() -> str:
    """For the hidden field "cause": a second click is the first one again."""
    return secrets.token_urlsafe(16)


def cause_of() -> str:
    """Raises Refused when the form came without."""
    given = request.form.get("cause", "")
    if not _SHAPE.fullmatch(given):
        raise Refused("This page is not complete any more. Open it again, then press the button once.")
    return given


def places() -> set[int]:
    """The lines that were ticked."""
    return {int(one) for one in request.form.getlist("line") if one.isascii() and one.isdecimal() and len(one) < 4}
