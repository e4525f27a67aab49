"""Afterglow: the aftercare shop of an aesthetic clinic. `create_app()` is the only place that knows every domain."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from config import Config
from shop.core import assets, clock, handlers, logs, templating, web
from shop.core.db import attach_engines, db, engine_settings
from shop.payments import mode

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config | None = None) -> Flask:
    """A shop ready to serve. Raises config.ConfigError when the environment is unsafe."""
    shop = config or Config.from_env()
    app = Flask("shop", root_path=str(ROOT / "shop"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config["SHOP"] = shop
    app.config.update(engine_settings(shop.database_url), TESTING=shop.testing)
    shop.instance.mkdir(parents=True, exist_ok=True)
    clock.set_zone(shop.timezone)
    web.attach(app)
    logs.attach(app)
    db.init_app(app)
    attach_engines(app)
    assets.attach(app)
    templating.attach(app)
    mode.attach(app)
    _domains(app)
    return app


def _domains(app: Flask) -> None:
    """Every package in the order of its layer; what happens below is heard above through the table of handlers."""
    from shop import wiring

    wiring.domains(app)
    wiring.listen(handlers.attach(app))
    wiring.commands(app)
