"""Where pictures that people upload are kept: files under names of our own, in the folder that MEDIA_URL names."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

from flask import current_app

NAME = re.compile(r"[0-9a-f]{24}-[a-z0-9]{1,12}\.(avif|webp|jpg)")


def put(name: str, body: bytes) -> None:
    """Keep a file whole or not at all; the same name always means the same content. Raises ValueError for a foreign name."""
    path = path_of(name)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(body)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def remove(stem: str) -> None:
    """Forget all files of one picture; what is gone already is no error."""
    for path in _folder().joinpath(stem[:2]).glob(f"{stem}-*"):
        path.unlink(missing_ok=True)


def path_of(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError("this is no name of a picture")
    return _folder() / name[:2] / name


def _folder() -> Path:
    return Path(unquote(urlsplit(current_app.config["SHOP"].media_url).path)) / "pictures"
