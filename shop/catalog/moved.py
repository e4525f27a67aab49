"""Addresses of a former shop: who follows an old link is sent on, for good."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request
from werkzeug.exceptions import NotFound as NoSuchRoute

from shop.catalog.models import Handle
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.web import SAFE_METHODS, error_page, site_path

LONGEST_PATH = 500


def attach(app: Flask) -> None:
    """Before a page says that there is nothing here."""
    app.register_error_handler(NoSuchRoute, _moved_or_missing)
    app.register_error_handler(NotFound, _moved_or_missing)


def new_path(old_path: str) -> str | None:
    """Where an old address leads now; never back to itself."""
    handle = db.session.get(Handle, old_path)
    return handle.new_path if handle and handle.new_path != old_path else None


def _moved_or_missing(error: NoSuchRoute | NotFound) -> Any:
    db.session.rollback()
    if request.method in SAFE_METHODS and len(request.path) <= LONGEST_PATH and "\0" not in request.path:
        found = new_path(request.path.rstrip("/") or "/")
        target = site_path(found, otherwise="")
        if target:
            return redirect(target, 301)
    return error_page(404, error.sentence if isinstance(error, NotFound) else None)
