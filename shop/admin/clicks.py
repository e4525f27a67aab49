"""Each form of the desk carries a cause drawn with its page, so that a second click is the first one again."""

from __future__ import annotations

import re
import secrets

from flask import request

from shop.core.errors import Refused

_SHAPE = re.compile(r"[\w-]{16,64}", re.ASCII)


def draw_cause() -> str:
    """For the hidden field "cause" of a form."""
    return secrets.token_urlsafe(16)


def cause_of(act: str) -> str:
    """The cause of the form that was sent, named after its act. Raises Refused when it came without."""
    given = request.form.get("cause", "")
    if not _SHAPE.fullmatch(given):
        raise Refused("This page is not complete any more. Open it again, then press the button once.")
    return f"{act}:{given}"


def cause_kept() -> str:
    """What a refused form carries again: the same cause, if it had one."""
    given = request.form.get("cause", "")
    return given if _SHAPE.fullmatch(given) else draw_cause()
