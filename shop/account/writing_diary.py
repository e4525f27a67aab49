"""What a form of the diary says, and a picture of it on its way to one reader: for its owner's page and for the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from shop.core import clock
from shop.core.errors import Refused
from shop.intake import diary
from shop.intake.models import DiaryEntry
from shop.intake.papers import LARGEST

AROUND_A_FILE = 64 * 1024


def typed_entry() -> dict[str, Any]:
    """What a form of the diary says; the photograph is made plain here, before anything writes. Raises Refused."""
    upload = request.files.get("photo")
    raw = upload.read(LARGEST + 1) if upload else b""
    return {
        "day": _day(request.form.get("day", "")),
        "photo": _plain(raw) if raw else b"",
        "adherence": request.form.get("adherence", "")[:20],
        "words": request.form.get("words", ""),
        "purposes": request.form.getlist("purpose"),
    }


def picture(entry: DiaryEntry) -> Response:
    """The bytes, for this reader and this moment alone."""
    headers = {"Content-Security-Policy": "sandbox", "Cache-Control": "no-store"}
    return Response(diary.picture_of(entry), mimetype="image/webp", headers=headers)


def chosen(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 15 else None


def _plain(raw: bytes) -> bytes:
    try:
        return diary.plain(raw)
    except Refused as refused:
        raise Refused(refused.sentence, field="photo") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else clock.today()
    except ValueError:
        raise Refused("Give the day as year, month and day.", field="day") from None
