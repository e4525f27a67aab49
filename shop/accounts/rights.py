"""Who may use a page: what a route declares is what is enforced, before its view runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user

from shop.accounts.keeping_typed import keep
from shop.accounts.models import ROLES
from shop.accounts.roles import ROLES_WITH
from shop.core.access import declare, who_may
from shop.core.errors import Forbidden, NotFound
from shop.core.logs import note
from shop.core.web import SAFE_METHODS, error_page, wants_json

__all__ = ["attach", "declare", "home_of", "login_needed", "right_needed", "staff_needed"]
EXPORT = re.compile(r"\.(csv|pdf|zip|json)$")
LOCKED = "This screen has locked. Unlock it with your PIN or password; what you typed stays."
View = TypeVar("View", bound=Callable[..., Any])


def login_needed(view: View) -> View:
    """Anybody who is signed in."""
    return declare(view, "client")


def staff_needed(*roles: str) -> Callable[[View], View]:
    """Staff of these roles, or any staff without a name; their second factor is part of being signed in."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    return lambda view: declare(view, "staff:" + ",".join(roles) if roles else "staff")


def right_needed(right: str) -> Callable[[View], View]:
    """The roles that have this right in shop/accounts/roles.py."""
    return staff_needed(*sorted(ROLES_WITH[right]))


def home_of(role: str | None) -> str:
    """Where signing in leads when nothing else was asked for."""
    return "/account" if role is None else "/admin"


def attach(app: Flask) -> None:
    app.before_request(enforce)


def enforce() -> Any:
    """Refuse whoever the route does not name: strangers are asked to sign in, clients see no staff page at all."""
    who = who_may(current_app, request.endpoint) if request.endpoint else "public"
    if who == "public":
        return None
    g.private = True
    if current_user.is_locked:
        return _ask_to_unlock(who or "")
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if who == "client":
        return None
    if not current_user.is_staff:
        _note_refusal()
        raise NotFound("That page is not here.")
    _, _, roles = (who or "staff:nobody").partition(":")
    if roles and current_user.role not in roles.split(","):
        _note_refusal()
        raise Forbidden("This page belongs to other tasks than yours. Ask whoever gives out the roles.")
    if not current_user.may_export and EXPORT.search(str(request.url_rule)):
        _note_refusal()
        raise Forbidden("Lists and files are not handed out to you any more. Ask whoever gives out the roles.")
    return None


def _note_refusal() -> None:
    note(
        "refused",
        user=current_user.id,
        role=current_user.role or "client",
        method=request.method,
        route=str(request.url_rule),
    )


def _ask_to_unlock(who: str) -> Any:
    """What was sent from the locked screen is kept first; the same page opens again once its person is back."""
    if wants_json():
        return error_page(401, LOCKED)
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.locked_page", next=request.full_path.rstrip("?")), code=303)
    if who.startswith("staff"):
        keep(current_user.locked_id, path=request.path, fields=request.form.items(multi=True))
    return redirect(url_for("accounts.locked_page"), code=303)


def _ask_to_sign_in() -> Any:
    if wants_json():
        return error_page(401, "Please sign in.")
    where = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("accounts.sign_in_page", next=where), code=303)
