"""The desks under /admin: each route says who may use it, and every page knows which desks its reader has."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from flask import Blueprint, Flask, g, has_request_context, request, session

bp = Blueprint("admin", __name__, url_prefix="/admin")
UPLOADS = {"admin.hand_in_file", "admin.add_product_picture", "admin.add_client_picture", "admin.keep_step"}
LARGEST_UPLOAD = 64 * 1024 * 1024
DESKS = (
    "today",
    "orders",
    "attention",
    "visits",
    "answers",
    "cases",
    "rules",
    "stock",
    "products",
    "packages",
    "imports",
    "staff",
    "settings",
    "clients",
    "trail",
    "texts",
    "golive",
    "plans",
    "sessions",
    "reports",
    "cancelling",
    "codes",
    "desk",
    "gift_cards",
    "reviews",
    "setup",
)


@bp.before_request
def _private() -> None:
    g.private = True


@bp.before_request
def _whose() -> None:
    from shop.admin.whose import refuse_others_clients

    refuse_others_clients()


def attach(app: Flask) -> None:
    for desk in DESKS:
        import_module(f"shop.admin.{desk}.views")  # fills the blueprint
    app.register_blueprint(bp)
    app.context_processor(_beside)
    app.url_value_preprocessor(_allow_files)


def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A catalogue is larger than any form. Asked before the body is read; strangers keep the small limit."""
    if endpoint in UPLOADS and "sign_in" in session:
        request.max_content_length = LARGEST_UPLOAD


def _beside() -> dict[str, Any]:
    """The list of desks, for pages of the desks alone."""
    if not has_request_context() or not request.path.startswith("/admin"):
        return {}
    from shop.accounts.people import staff_idle
    from shop.admin.navigation import staff_nav
    from shop.inventory.buying import has_purchases

    minutes = int(staff_idle().total_seconds() // 60)
    return {"staff_nav": staff_nav(), "stock_orders": has_purchases, "lock_minutes": minutes}
