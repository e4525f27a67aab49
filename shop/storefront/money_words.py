"""The currency and the country of the clinic, for pages."""

from __future__ import annotations

from flask import current_app

from shop.core.settings import setting


def currency() -> str:
    code: str = current_app.config["SHOP"].currency
    return code


def country() -> str:
    code: str = setting("clinic.country")
    return code
