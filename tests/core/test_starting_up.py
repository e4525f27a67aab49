"""What the environment must say before a shop starts, and how the running one says that it lives and is ready."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from config import DEVELOPMENT_FIELD_KEY, DEVELOPMENT_ONLY, Config, ConfigError
from shop.core.logs import JsonLines, logger
from shop.dev_mail import is_wanted
from shop.health import db

LIVE = {
    "SHOP_ENV": "production",
    "DATABASE_URL": "postgresql+psycopg://shop@db/shop",
    "SECRET_KEY": "x" * 40,
    "SHOP_FIELD_KEYS": "k1:" + "B" * 43 + "=",
    "STRIPE_API_KEY": "rk_" + "live_of_a_clinic",
    "STRIPE_WEBHOOK_SECRETS": "whsec_of_a_clinic",
    "MAIL_URL": "smtps://relay.example.com",
    "SITE_URL": "https://clinic.example",
}


def test_production_starts_with_all_of_it():
    assert Config.from_env(LIVE).is_production


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "SHOP_FIELD_KEYS", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRETS", "MAIL_URL", "SITE_URL"]
)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_has_no_default_for_what_it_needs(name, value):
    env = {key: text for key, text in LIVE.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(ConfigError, match=name):
        Config.from_env(env)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": DEVELOPMENT_ONLY}, "SECRET_KEY"),
        ({"SHOP_FIELD_KEYS": f"k1:abc,{DEVELOPMENT_FIELD_KEY}"}, "SHOP_FIELD_KEYS"),
        ({"SITE_URL": "http://clinic.example"}, "SITE_URL"),
        ({"SHOP_ENV": "prod"}, "SHOP_ENV"),
        ({"SHOP_TRUSTED_PROXIES": "one"}, "SHOP_TRUSTED_PROXIES"),
        ({"DATABASE_URL": "sqlite:///shop.db", "SHOP_MACHINES": "2"}, "SHOP_MACHINES"),
    ],
)
def test_what_would_be_unsafe_is_refused_by_the_name_of_the_variable(change, names):
    with pytest.raises(ConfigError, match=names):
        Config.from_env(LIVE | change)


def test_a_newcomer_needs_no_variable_at_all():
    config = Config.from_env({})
    assert (config.env, config.is_sqlite, config.currency) == ("development", True, "GBP")
    assert config.stripe_api_key.startswith("sk_test_standin_")


def test_it_lives_and_is_ready(client):
    assert client.get("/healthz").json == {"alive": True}
    assert client.get("/readyz").json == {"ready": True}


def test_without_its_database_it_lives_and_is_not_ready(client, monkeypatch):
    def away(*_args, **_options):
        raise OperationalError("select 1", None, Exception("connection refused to db.internal"))

    monkeypatch.setattr(db.session, "execute", away)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    assert "db.internal" not in answer.text


def test_every_line_of_the_log_is_json_with_the_request_it_belongs_to(client):
    import logging

    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    keeper = Keep()
    keeper.setFormatter(JsonLines())
    logger.addHandler(keeper)
    try:
        answers = [client.get(path) for path in ("/products", "/nowhere")]
    finally:
        logger.removeHandler(keeper)
    told = [json.loads(line) for line in lines]
    requests = [line for line in told if line["event"] == "request"]
    assert [line["request"] for line in requests] == [answer.headers["X-Request-Id"] for answer in answers]
    assert [(line["route"], line["status"]) for line in requests] == [("/products", 200), ("(no route)", 404)]


# --- the letters of a developer's own machine ------------------------------------------------------------------------


def test_the_letters_are_shown_newest_first_as_text_and_as_html(client, mailbox):
    client.post("/register", data={"name": "Ada Quill", "email": "ada@example.com", "password": "three quiet harbours"})
    letter = mailbox.last("ada@example.com")
    page = client.get("/dev/mail").text
    assert letter.subject in page
    assert "to ada@example.com" in page
    path = page.split('href="/dev/mail/')[1].split('"')[0]
    shown = client.get(f"/dev/mail/{path}").text
    assert all(link in shown for link in letter.links)
    html = client.get(f"/dev/mail/{path}/html", inspect=False)
    assert html.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<html" in html.text


@pytest.mark.parametrize("name", ["..", "x.eml", "..%2f..%2fconfig.py", "%2e%2e"])
def test_no_other_file_is_a_letter(client, name):
    assert client.get(f"/dev/mail/{name}").status_code in (404, 308)
    assert client.get(f"/dev/mail/{name}/html").status_code in (404, 308)


@pytest.mark.parametrize(
    "change",
    [{"env": "production"}, {"site_url": "https://clinic.example"}, {"mail_url": "smtps://relay.example.com"}],
)
def test_nobody_else_ever_sees_a_letter(config, change):
    assert is_wanted(config)
    assert not is_wanted(replace(config, **change))
