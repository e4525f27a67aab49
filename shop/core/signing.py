"""The browser's cookie and the token of a form are signed by signers that are made once, not anew for each page."""

from __future__ import annotations

from secrets import token_hex

from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

FIELD = "csrf_token"  # Flask-WTF checks what is made here by these names
SALT = "wtf-csrf-token"


class Cookies(SecureCookieSessionInterface):
    """Flask's own signed cookie with its signer kept; secrets are read once at start."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer


def attach(app: Flask) -> None:
    """After the protection of forms, whose function this one stands in for."""
    app.session_interface = Cookies(app)
    signer = URLSafeTimedSerializer(str(app.secret_key), salt=SALT)

    def csrf_token() -> str:
        if FIELD not in g:
            if not isinstance(session.get(FIELD), str):
                session[FIELD] = token_hex(20)
            g.csrf_token = signer.dumps(session[FIELD])
        return str(g.csrf_token)

    app.jinja_env.globals[FIELD] = csrf_token
    app.context_processor(lambda: {FIELD: csrf_token})
