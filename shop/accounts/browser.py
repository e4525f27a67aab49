"""What a browser keeps of a sign-in: a random token in the signed cookie, and nothing that tells who it is."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, current_user
from sqlalchemy.exc import OperationalError

from shop.accounts import signing_in
from shop.accounts.people import Locked, Nobody, Person, find_person, still_here
from shop.core.logs import logger

TOKEN = "sign_in"  # noqa: S105 (a name in the session)
KEPT = ("bag_count", "orders")  # what the bag has just counted; which guest orders this browser has opened
FORMS = ("csrf_token",)
KINDS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
PROGRAMS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def attach(app: Flask) -> None:
    """`current_user` is a Person or Nobody, in views and in templates."""
    manager = LoginManager()
    manager.session_protection = None  # the row on the server protects; an address that changes is no theft
    manager.anonymous_user = Nobody
    manager.request_loader(_load)
    manager.init_app(app)
    app.before_request(_meet)


def remember(token: str, *, lasting: bool, same_person: bool = False) -> None:
    """Begin the browser's session anew with this sign-in; staff's ends with the browser.

    Where somebody only unlocks their own screen, the forms that stand open in it stay good.
    """
    kept = {name: session[name] for name in (*KEPT, *(FORMS if same_person else ())) if name in session}
    session.clear()
    session.update(kept)
    session[TOKEN] = token
    session.permanent = lasting


def forget() -> None:
    session.clear()


def token() -> str | None:
    return session.get(TOKEN)


def bag_token() -> str | None:
    """The guest's bag, which is handed over at sign-in."""
    return session.get("bag")


def address() -> str:
    """Where the request comes from; forged headers count only behind as many proxies as were configured."""
    return request.remote_addr or ""


def device() -> str:
    """ "Firefox on Windows": enough to recognise one's own, too little to recognise a person."""
    agent = request.user_agent.string
    program = next((name for part, name in PROGRAMS if part in agent), "A browser")
    kind = next((kind for kind in KINDS if kind in agent), "")
    return f"{program} on {'Mac' if kind == 'Macintosh' else kind}" if kind else program


def device_token() -> str | None:
    return request.cookies.get(_device_cookie())


def remember_device(response: Response, token: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    seconds = int(signing_in.DEVICE_LASTS.total_seconds())
    response.set_cookie(_device_cookie(), token, max_age=seconds, secure=secure, httponly=True, samesite="Lax", path="/")


def _device_cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _load(_request: Any) -> Person | Locked | None:
    token = session.get(TOKEN)
    return find_person(token) if isinstance(token, str) else None


def _meet() -> None:
    """Before the view's first query: on SQLite nothing may be written apart once the view holds the lock."""
    if TOKEN not in session or request.blueprint == "assets":
        return
    g.private = True
    if current_user.is_locked:
        return
    if not current_user.is_authenticated:
        session.pop(TOKEN)
        return
    try:
        still_here(current_user)
    except OperationalError:  # a page is not refused because its time of reading could not be noted
        logger.warning("last seen not written")
