"""A stand-in for Stripe: the same wire, a pay page on which no money moves, and signed events."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shop.core import clock as shop_clock

if TYPE_CHECKING:
    from flask import Flask

    from shop.payments.standin.delivering import Deliver

_ROOT = Path(__file__).resolve().parents[3]
_SLOW_SECONDS = 30


def create_standin(
    store_path: str | Path,
    *,
    webhook_url: str,
    webhook_secret: str,
    deliver: Deliver | None = None,
    clock: Callable[[], datetime] | None = None,
    public_url: str | None = None,
) -> Flask:
    """Make the stand-in as a WSGI app; `app.extensions["desk"]` holds its control desk.

    `deliver(body, headers) -> status` carries webhooks in the caller's thread, once each answer is
    complete; without it they go to `webhook_url` from a thread of their own. `public_url` is where
    browsers reach the pay page, by default the host that was asked.
    """
    from flask import Flask
    from jinja2 import StrictUndefined

    from shop.payments.standin.api import api
    from shop.payments.standin.control import control
    from shop.payments.standin.delivering import Postman
    from shop.payments.standin.desk import Desk
    from shop.payments.standin.page import pages
    from shop.payments.standin.store import Store

    app = Flask(
        __name__,
        template_folder=str(_ROOT / "templates" / "standin"),
        static_folder=str(_ROOT / "static" / "standin"),
        static_url_path="/assets",
    )
    app.jinja_env.undefined = StrictUndefined
    store = Store(store_path, clock=clock or (lambda: shop_clock.now()))
    postman = Postman(store, url=webhook_url, secret=webhook_secret, deliver=deliver)
    app.config.update(STORE=store, PUBLIC_URL=public_url, POSTMAN=postman)
    app.extensions["desk"] = Desk(store, postman)
    for blueprint in (api, pages, control):
        app.register_blueprint(blueprint)
    _inject_faults(app)
    _send_events_afterwards(app)
    return app


def _inject_faults(app: Flask) -> None:
    """Show the fault that was ordered; over a socket a lost answer is a slow one."""
    from flask import Response, g, request

    from shop.payments.standin.faults import answer_of

    @app.before_request
    def choose() -> Response | None:
        g.fault = app.extensions["desk"].take_fault() if request.path.startswith("/v1/") else None
        return answer_of(g.fault)

    @app.after_request
    def lose(response: Response) -> Response:
        if g.get("fault") in ("timeout", "reset"):
            response.headers["X-Standin-Fault"] = g.fault
            if g.fault == "timeout" and "standin.wire" not in request.environ:
                time.sleep(_SLOW_SECONDS)
        return response


def _send_events_afterwards(app: Flask) -> None:
    from flask import Response, request

    @app.after_request
    def send(response: Response) -> Response:
        if request.method == "POST":
            postman: Any = app.config["POSTMAN"]
            response.call_on_close(postman.after_answer)
        return response
