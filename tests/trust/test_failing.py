"""When something breaks, the person gets a sentence and a reference, the log gets the reason, and nothing is left half done."""

from __future__ import annotations

import json
import logging
import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from shop.bag.models import Bag
from shop.core import clock
from shop.core.db import db
from shop.core.logs import JsonLines, logger
from tests.support.world import make_world

SECRET = "hunter2-secret-of-the-database"
INSIDES = ("Traceback", "hunter2", "ZeroDivisionError", "sqlalchemy", "site-packages", ".py", "werkzeug", "SELECT ")
REFERENCE = re.compile(r'<span class="numbers">([0-9a-f]{16})</span>')


def broken(*_given, **_named):
    raise ZeroDivisionError(SECRET)


def away(*_given, **_named):
    raise OperationalError("SELECT card FROM secrets", {"password": SECRET}, Exception(SECRET))


def half_done(*_given, **_named):
    db.session.add(Bag(token_hash="half", made_at=clock.now()))
    db.session.flush()
    raise ZeroDivisionError(SECRET)


@pytest.fixture
def lines():
    """What the log says meanwhile, line by line."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record))

    handler = Keep()
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


@pytest.mark.parametrize("endpoint", ["storefront.home", "checkout.page", "storefront.search", "accounts.sign_in_page"])
def test_a_broken_page_says_a_sentence_and_a_reference_and_nothing_else(app, client, monkeypatch, lines, endpoint):
    monkeypatch.setitem(app.view_functions, endpoint, broken)
    answer = client.get(next(rule.rule for rule in app.url_map.iter_rules(endpoint)))
    assert answer.status_code == 500
    assert not [word for word in INSIDES if word in answer.text]
    reference = REFERENCE.search(answer.text)[1]
    assert answer.headers["X-Request-Id"] == reference
    told = [json.loads(line) for line in lines if reference in line]
    assert any(SECRET in line.get("trace", "") and line["level"] == "error" for line in told)


def test_a_machine_is_told_no_more(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "storefront.home", broken)
    answer = client.get("/", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert set(answer.json) == {"error", "reference"}
    assert not [word for word in INSIDES if word in answer.text]


def test_a_database_that_is_away_is_a_503_that_may_be_tried_again(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "storefront.home", away)
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert not [word for word in INSIDES if word in answer.text]


def test_what_was_half_done_is_undone(app, client, monkeypatch):
    make_world()
    monkeypatch.setitem(app.view_functions, "bag.add", half_done)
    assert client.post("/bag/lines", data={"sku": "x"}).status_code == 500
    assert db.session.scalar(select(Bag.id)) is None


def test_the_page_of_an_error_does_not_need_the_database(app, client, monkeypatch):
    from shop.core import web

    monkeypatch.setattr(web, "site_path", away)
    monkeypatch.setitem(app.view_functions, "storefront.home", away)
    assert "To the first page" in client.get("/").text
