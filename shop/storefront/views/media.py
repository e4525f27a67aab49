"""Uploaded pictures: names say their content, so browsers keep them for a year."""

from __future__ import annotations

from typing import Any

from flask import abort, send_file

from shop.core import media
from shop.storefront.pages import bp

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


@bp.get("/media/<name>")
def uploaded_picture(name: str) -> Any:
    if not media.NAME.fullmatch(name) or not (path := media.path_of(name)).exists():
        abort(404)
    answer = send_file(path, mimetype=TYPES[path.suffix[1:]], conditional=True, max_age=365 * 86400)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
