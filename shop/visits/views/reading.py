"""What addresses and forms say of times and people; nonsense is nothing chosen."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime

from flask import request

from shop.core.errors import Refused

_CAUSE = re.compile(r"[\w-]{16,64}", re.ASCII)
LARGEST_ID = 2**53


def moment_of(name: str) -> datetime | None:
    """ "2026-03-03T10:00Z", always with a zone and within this century."""
    try:
        moment = datetime.fromisoformat(request.values.get(name, "")[:40])
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and 2000 < moment.year < 2100 else None


def day_of(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.values.get(name, "")[:10])
    except ValueError:
        return None
    return day if 2000 < day.year < 2100 else None


def id_of(name: str) -> int | None:
    text = request.values.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 17):
        return None
    return int(text) if 0 < int(text) < LARGEST_ID else None


def write_moment(moment: datetime) -> str:
    """How a time stands in addresses and hidden fields."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def cause_of(act: str) -> str:
    """The cause of the form that was sent: a second click is the first one again. Raises Refused without one."""
    given = request.form.get("cause", "")
    if not _CAUSE.fullmatch(given):
        raise Refused("This page is not complete any more. Open it again, then press the button once.")
    return f"{act}:{given}"


def cause_kept() -> str:
    given = request.form.get("cause", "")
    return given if _CAUSE.fullmatch(given) else secrets.token_urlsafe(16)
