"""One size on one database: fill it once, start both servers, let them take turns."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import catalogue
from bench.acts import bare_acts, shop_acts
from bench.measuring import Figure, figure, memory_mb, middle
from config import Config
from tests.support import databases
from tests.support.processes import Server, environment, free_port, shop_server
from tests.support.visiting import Connection

BROAD_TRIES = 60
WARM_SECONDS = 1.0


def measure(dialect: str, *, products: int, seconds: float, rounds: int, only: list[str] | None) -> dict[str, Any]:
    """The figures of every act, of the shop and of the yardstick, and of what is measured alone."""
    shop_does, bare_does = shop_acts(products=products), bare_acts(products=products)
    names = [name for name in shop_does if not only or name in only]
    with filled(dialect, products) as config, _servers(config) as (shop, bare, first_page):
        acts = {}
        for name in names:
            for server, does in ((bare, bare_does), (shop, shop_does)):
                figure(server, does[name], seconds=WARM_SECONDS)  # what is loaded at first use was loaded by somebody else
            turns = [
                (figure(bare, bare_does[name], seconds=seconds), figure(shop, shop_does[name], seconds=seconds))
                for _ in range(rounds)
            ]
            acts[name] = _compared([b for b, _ in turns], [s for _, s in turns])
            print(f"  {name}: {acts[name]['ratio']:.2f}", flush=True)
        alone = {"broad_ms": _broad_ms(shop), "memory_mb": memory_mb(shop), "first_page_seconds": first_page}
    return {"dialect": dialect, "products": products, "acts": acts, **alone}


def _compared(bare: list[Figure], shop: list[Figure]) -> dict[str, Any]:
    one, other = middle(bare), middle(shop)
    return {"bare": one.as_row(), "shop": other.as_row(), "ratio": other.per_second / one.per_second}


@contextmanager
def filled(dialect: str, products: int) -> Iterator[Config]:
    """A database of that size, gone afterwards; filling 100,000 products takes about half a minute."""
    from shop import create_app

    folder = Path(tempfile.mkdtemp(prefix="shop-bench-"))
    database = databases.create(dialect)
    config = replace(
        Config(),
        env="demo",
        database_url=database.url,
        secret_key="only for measuring, never for a shop",
        stripe_api_key="sk_test_standin_bench",
        stripe_webhook_secrets=("whsec_of_the_bench",),
        stripe_api_base="http://127.0.0.1:8100",
        mail_url=f"file://{folder / 'mail'}",
        sms_url=f"file://{folder / 'sms'}",
        media_url=f"file://{folder / 'media'}",
        instance=folder,
    )
    app = create_app(config)
    databases.migrate(app)
    began = time.monotonic()
    with app.app_context():
        catalogue.fill_this_shop(products=products)
    databases.close(app)
    print(f"  filled in {time.monotonic() - began:.0f} s", flush=True)
    try:
        yield config
    finally:
        database.drop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _servers(config: Config) -> Iterator[tuple[Server, Server, float]]:
    """The shop and the yardstick, both under the same server with the same settings; the load goes to one at a time."""
    port = free_port()
    config = replace(config, site_url=f"http://127.0.0.1:{port}")
    began = time.monotonic()
    with shop_server(config, config.instance, module="bench.shop", port=port, ready="/products/product-1") as shop:
        first_page = time.monotonic() - began
        os.environ["DATABASE_URL"] = config.database_url
        with _yardstick(config) as bare:
            yield shop, bare, first_page


@contextmanager
def _yardstick(config: Config) -> Iterator[Server]:
    import subprocess

    make = [sys.executable, "-c", "from bench import bare; bare.make_tables()"]
    subprocess.run(make, env=environment(config), cwd=catalogue.ROOT, check=True)
    with shop_server(config, config.instance, module="bench.bare", ready="/list") as bare:
        yield bare


def _broad_ms(shop: Server) -> float:
    """A word that a tenth of the catalogue holds, asked by one visitor with nobody else there: the median."""
    visitor, took = Connection(shop.url), []
    for _ in range(BROAD_TRIES):
        visitor.cookies.clear()
        began = time.perf_counter()
        answer = visitor.get(f"/search?q={catalogue.BROAD_WORD}")
        took.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"the search answered {answer.status}")
    return sorted(took)[len(took) // 2] * 1000
