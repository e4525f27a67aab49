"""Ways into the shop, as the tests of signing in walk them."""

from __future__ import annotations

from typing import Any

import pyotp

from shop.accounts.models import User
from shop.core.clock import now
from shop.core.db import db
from tests.support.factories import PASSWORD, make_user

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(browser: Any, email: str, password: str = PASSWORD, *, address: str = "192.0.2.1", **given: Any) -> Any:
    where = {"REMOTE_ADDR": address}
    return browser.post("/login", data={"email": email, "password": password} | given, environ_overrides=where)


def is_in(browser: Any) -> bool:
    """Whether this browser is signed in: the sign-in page sends those on."""
    return browser.get("/login").status_code == 302


def make_staff(**given: Any) -> User:
    return make_user(**{"role": "admin", "email": "admin@clinic.example", "totp_secret": SECRET} | given)


def digits(step: int = 0) -> str:
    """What the authenticator shows now, or so many half minutes later."""
    return pyotp.TOTP(SECRET).generate_otp(int(now().timestamp()) // 30 + step)


def cookie_of(browser: Any) -> str:
    cookie = browser.get_cookie("shop")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Any, value: str) -> Any:
    """Another browser that holds a stolen copy of a cookie."""
    browser = app.test_client()
    browser.set_cookie("shop", value)
    return browser


def reread(row: Any) -> Any:
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)
