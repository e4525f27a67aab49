"""`python -m wsgi`: granian in production's settings. The shop is loaded once, before its workers part from this process.

What they do not change they share, and a worker that died is back as soon as it is missed.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import sys
from logging import INFO, WARNING
from typing import Any

from flask import Flask
from sqlalchemy import select

from shop.catalog.models import Product
from shop.core.db import db
from shop.core.logs import logger

M_ARENA_MAX = -8  # of mallopt(3)
ARENAS = 2
KILL_SECONDS = 20


def serve(app: Flask) -> None:
    """Answer until SIGINT or SIGTERM; the command line says where."""
    asked = _asked()
    _keep_memory_together()
    gc.disable()
    warm(app)
    gc.freeze()  # nothing made until now is looked at again, so its memory stays shared
    gc.enable()
    run(app, asked)


def run(app: Flask, asked: Any = None) -> None:
    """The server alone, of any application."""
    from granian.constants import Interfaces
    from granian.server import Server

    asked = asked or _asked()
    server = Server(
        "wsgi:app",  # a name for its log; what is served is `app`
        address=asked.host,
        port=asked.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=asked.workers,
        blocking_threads=asked.threads,
        respawn_failed_workers=True,
        respawn_interval=asked.respawn_interval,
        workers_kill_timeout=KILL_SECONDS,
    )
    server.serve(target_loader=lambda _target: app)


def warm(app: Flask) -> None:
    """See the pages that the first visitor would wait for, and let go of the database again: connections are not shared."""
    logger.setLevel(WARNING)
    visitor = app.test_client(use_cookies=False)
    base = app.config["SHOP"].site_url
    if visitor.get("/readyz", base_url=base).status_code == 200:
        with app.app_context():
            slug = db.session.scalar(select(Product.slug).where(Product.state == "live").limit(1))
        for path in ("/", "/products", f"/products/{slug}", f"/search?q={slug}", "/bag"):
            visitor.get(path, base_url=base)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    logger.setLevel(INFO)


def _keep_memory_together() -> None:
    """glibc gives each thread an arena of its own, which a worker of eight threads pays with tens of megabytes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _asked() -> Any:
    parser = argparse.ArgumentParser(prog="python -m wsgi", description="Serve the shop.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8, help="of each worker (8)")
    parser.add_argument("--respawn-interval", type=float, default=3.5, help="seconds before a dead worker is replaced")
    return parser.parse_args()
