"""The yardstick: Flask, Jinja and the bare driver, the same rows of the same database, the same cards, nothing else.

It draws its cards and its product with the shop's own macros, so that what is compared is the way there, not how rich
a card looks. It speaks SQL to the driver on one connection per thread that commits by itself: nothing is quicker.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from functools import partial
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

from flask import Flask, abort, redirect, render_template, request, session
from jinja2 import ChoiceLoader, FileSystemLoader

from shop.core.money import money

ROOT = Path(__file__).resolve().parent.parent
CARD = """select p.slug, p.name, p.price_minor, p.drawing, p.in_stock, b.name, v.content_amount, v.content_unit
from product p join brand b on b.id = p.brand_id join variant v on v.product_id = p.id """
LIST = CARD + "where p.state = 'live' order by p.popularity desc, p.id limit 24"
PRODUCT = """select p.id, p.slug, p.name, p.price_minor, p.drawing, p.blurb, p.body_md, p.how_to_use, p.inci, p.key_actives,
p.warnings, p.responsible_person, b.name, v.id, v.sku, v.content_amount, v.content_unit, s.id, s.on_hand - s.allocated - s.held
from product p join brand b on b.id = p.brand_id join variant v on v.product_id = p.id join stock s on s.variant_id = v.id
where p.slug = ?"""
LINKS = """select c.name, c.slug, l.reason from product_concern l join concern c on c.id = l.concern_id where l.product_id = ?"""
FOUND = {
    "sqlite": CARD + "where p.id in (select rowid & 4294967295 from search_product where search_product match ? limit 24)",
    "postgresql": CARD + "join search_product f on f.product_id = p.id where f.names @@ to_tsquery('simple', ?) limit 24",
}
DELIVERY_MINOR = 395
WHO = ("email", "name", "line1", "city", "postcode", "country", "phone")
TABLES = (
    "create table if not exists bench_bag (token text, sku text, quantity integer)",
    (
        "create table if not exists bench_order (number text primary key, email text, name text, line1 text, city text, "
        "postcode text, country text, phone text, total_minor integer, state text, page text)"
    ),
    "create table if not exists bench_order_line (number text, stock_id integer, sku text, name text, gross_minor integer)",
    "create table if not exists bench_payment (number text, page text unique, amount_minor integer)",
)

app = Flask(__name__)
app.config["SECRET_KEY"] = "only for measuring"
app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "bench" / "templates"), FileSystemLoader(ROOT / "templates")])
app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
app.jinja_env.globals["money"] = partial(money, currency="GBP")
_mine = threading.local()
_url = os.environ.get("DATABASE_URL", "")
IS_SQLITE = _url.startswith("sqlite")


def rows(sql: str, *values: Any) -> list[Any]:
    return _connection().execute(sql if IS_SQLITE else sql.replace("?", "%s"), values).fetchall()


def write(*statements: tuple[str, tuple[Any, ...]]) -> None:
    """One transaction. Aborts with 409 when a statement changes no row."""
    connection = _connection()
    connection.execute("begin immediate" if IS_SQLITE else "begin")
    for sql, values in statements:
        if not connection.execute(sql if IS_SQLITE else sql.replace("?", "%s"), values).rowcount:
            connection.execute("rollback")
            abort(409)
    connection.execute("commit")


@app.get("/list")
def listing() -> str:
    return render_template("bare_list.html", cards=[_card(row) for row in rows(LIST)])


@app.get("/search")
def search() -> str:
    word = request.args["q"].lower()
    hits = rows(FOUND["sqlite" if IS_SQLITE else "postgresql"], f'"{word}"' if IS_SQLITE else word)
    return render_template("bare_list.html", cards=[_card(row) for row in hits])


@app.get("/product/<slug>")
def product(slug: str) -> str:
    found = _product(slug)
    return render_template("bare_product.html", product=found, links=rows(LINKS, found.id))


@app.post("/bag")
def add() -> Any:
    token = session.setdefault("bag", token_hex(16))
    write(("insert into bench_bag values (?, ?, ?)", (token, request.form["sku"], int(request.form["quantity"]))))
    return redirect("/list", code=303)


@app.post("/buy")
def buy() -> Any:
    """The order is written down and its stock held, Stripe opens a page, the page's name is remembered."""
    form, number = request.form, token_hex(8)
    found = _product(form["slug"])
    total = found.price_minor + DELIVERY_MINOR
    kept = [form[field] for field in WHO]
    write(
        ("update stock set held = held + 1 where id = ? and on_hand - allocated - held >= 1", (found.stock_id,)),
        (f"insert into bench_order values ({', '.join('?' * 11)})", (number, *kept, total, "open", None)),
        (
            "insert into bench_order_line values (?, ?, ?, ?, ?)",
            (number, found.stock_id, found.sku, found.name, found.price_minor),
        ),
    )
    page = stripe().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "client_reference_id": number,
            "customer_email": form["email"],
            "line_items": [_line(found.name, found.price_minor), _line("Delivery", DELIVERY_MINOR)],
            "metadata": {"order": number},
            "success_url": f"{request.host_url}back?page={{CHECKOUT_SESSION_ID}}",
            "cancel_url": request.host_url,
        },
        {"idempotency_key": number},
    )
    write(("update bench_order set page = ? where number = ?", (page.id, number)))
    return redirect(page.url, code=303)


@app.get("/back")
def back() -> str:
    """Stripe is asked whether it was paid; then the order is placed, once, and shown."""
    page = stripe().v1.checkout.sessions.retrieve(request.args["page"])
    if page.payment_status != "paid":
        abort(409)
    number = page.client_reference_id
    line = rows("select sku, name, gross_minor, stock_id from bench_order_line where number = ?", number)[0]
    write(
        ("insert into bench_payment values (?, ?, ?)", (number, page.id, page.amount_total)),
        ("update bench_order set state = 'placed' where number = ? and state = 'open'", (number,)),
        ("update stock set held = held - 1, allocated = allocated + 1 where id = ?", (line[3],)),
    )
    order = rows(f"select {', '.join(WHO)}, total_minor from bench_order where number = ?", number)[0]
    return render_template("bare_order.html", number=number, order=order, line=line)


def stripe() -> Any:
    """The SDK, loaded and built when it is first needed, as in the shop."""
    if "stripe" not in app.extensions:
        from stripe import RequestsClient, StripeClient

        from bench.free_stripe import HOST, wire

        over = RequestsClient(session=wire())
        app.extensions["stripe"] = StripeClient(
            os.environ["STRIPE_API_KEY"], base_addresses={"api": HOST}, http_client=over
        )
    return app.extensions["stripe"]


def _line(name: str, minor: int) -> dict[str, Any]:
    price = {"currency": "gbp", "unit_amount": minor, "product_data": {"name": name}}
    return {"quantity": 1, "price_data": price}


def _card(row: Any) -> SimpleNamespace:
    slug, name, price_minor, drawing, in_stock, brand, amount, unit = row
    words = {"stock_word": "In stock" if in_stock else "Out of stock", "stock_kind": "good" if in_stock else "none"}
    looks = {"drawing": _json(drawing), "image": None, "tag": None, "why": None}
    size = {"size": f"{amount} {unit}", "unit_price": f"{money(price_minor * 100 // amount, 'GBP')} per 100 {unit}"}
    return SimpleNamespace(slug=slug, name=name, price_minor=price_minor, brand_name=brand, **words, **looks, **size)


def _product(slug: str) -> SimpleNamespace:
    names = (
        "id",
        "slug",
        "name",
        "price_minor",
        "drawing",
        "blurb",
        "body_md",
        "how_to_use",
        "inci",
        "key_actives",
        "warnings",
    )
    names += ("responsible_person", "brand_name", "variant_id", "sku", "amount", "unit", "stock_id", "available")
    row = next(iter(rows(PRODUCT, slug)), None) or abort(404)
    facts = dict(zip(names, row, strict=True))
    return SimpleNamespace(**facts | {"drawing": _json(facts["drawing"]), "key_actives": _json(facts["key_actives"])})


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _connection() -> Any:
    if not hasattr(_mine, "connection"):
        _mine.connection = _connect()
    return _mine.connection


def _connect() -> Any:
    if not IS_SQLITE:
        import psycopg

        return psycopg.connect(_url.replace("+psycopg", ""), autocommit=True)
    connection = sqlite3.connect(_url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "mmap_size=268435456", "cache_size=-16000"):
        connection.execute(f"pragma {pragma}")
    return connection


def make_tables() -> None:
    for table in TABLES:
        _connection().execute(table)


if __name__ == "__main__":
    from shop.serving import run

    run(app)
