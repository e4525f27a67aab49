"""Every test begins on an empty, migrated database; what uses `app` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings

from config import Config
from shop.payments.gateway import Gateway
from tests.support import databases, postgres
from tests.support.browsing import InspectingClient
from tests.support.mailbox import Mailbox
from tests.support.paying import StandIn, stand_in
from tests.support.people import browser_of_client, browser_of_staff
from tests.support.statements import Count
from tests.support.statements import statements as counting

DIALECTS = ("sqlite", "postgresql")
NO_SERVER = "NO POSTGRESQL: half of the suite was skipped. Install postgresql, or set TEST_DATABASE_URL."
MARCH = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday

# An example takes as long as this shared machine lets it; a run that differs from the last one is a surprise, not a help.
settings.register_profile("shop", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shop")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.address()  # once, before other processes start: they read the answer from the environment


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if postgres.address() is None:
        terminalreporter.write_line(NO_SERVER, red=True, bold=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    asked = [name for name in DIALECTS if metafunc.definition.get_closest_marker(name)] or DIALECTS
    metafunc.parametrize("database", asked, indirect=True)


@pytest.fixture(scope="session")
def _databases() -> Iterator[dict[str, databases.Database]]:
    """Made when first needed, one per dialect and process."""
    made: dict[str, databases.Database] = {}
    yield made
    for database in made.values():
        database.drop()


@pytest.fixture(scope="session")
def _apps() -> Iterator[dict[str, Flask]]:
    """Made when first needed, one per dialect and process."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        databases.close(app)


@pytest.fixture(scope="session")
def instance() -> Iterator[Path]:
    """Where this process's shops keep mails and media."""
    folder = Path(tempfile.mkdtemp(prefix="shop-tests-instance-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, _databases: dict[str, databases.Database]) -> databases.Database:
    """The database of this test: `.url`, `.dialect`. Empty only once `app` has been asked for."""
    dialect = request.param
    if dialect == "postgresql" and postgres.address() is None:
        pytest.skip(NO_SERVER)
    if dialect not in _databases:
        _databases[dialect] = databases.create(dialect)
    return _databases[dialect]


@pytest.fixture
def config(database: databases.Database, instance: Path) -> Config:
    """What the tests' shop reads instead of the environment; make a variant with dataclasses.replace."""
    return Config(
        env="development",
        testing=True,
        database_url=database.url,
        secret_key="a secret of the tests, long enough for anything",
        stripe_api_key="sk_test_standin_tests",
        stripe_webhook_secrets=("whsec_of_the_tests",),
        stripe_api_base="http://127.0.0.1:8100",
        site_url="http://localhost",
        mail_url=f"file://{instance / 'mail'}",
        sms_url=f"file://{instance / 'sms'}",
        media_url=f"file://{instance / 'media'}",
        instance=instance,
    )


@pytest.fixture
def app(database: databases.Database, config: Config, _apps: dict[str, Flask]) -> Iterator[Flask]:
    """The shop on an empty database, with an application context for arranging and asserting.

    One per process and database: pages stay compiled. What it remembered since it was made is forgotten. Nobody answers
    for Stripe, and the sweep asks it each day: one try is enough (`standin` is the fixture that answers).
    """
    app = _apps.get(database.dialect)
    if app is None:
        app = _make(config)
        database.lay_out(app)
        app.extensions["as-made"] = frozenset(app.extensions) | {"as-made"}
        _apps[database.dialect] = app
    for name in set(app.extensions) - app.extensions["as-made"]:
        del app.extensions[name]
    app.extensions["gateway"] = Gateway(config.stripe_api_key, api_base=config.stripe_api_base, max_network_retries=0)
    database.refresh(app)
    for folder in ("mail", "sms", "media"):
        shutil.rmtree(config.instance / folder, ignore_errors=True)
    with app.app_context():
        yield app


@pytest.fixture
def screened(app: Flask) -> Iterator[None]:
    """Answers bind before payment, as in a real shop; other tests buy without being asked."""
    from shop.core.settings import DEFAULTS

    DEFAULTS["intake.binds"] = True
    yield
    DEFAULTS["intake.binds"] = False


@pytest.fixture
def rules_bind(app: Flask) -> Iterator[None]:
    """A treatment is sold only once its rules are signed, as in a real shop."""
    from shop.core.settings import DEFAULTS

    DEFAULTS["rules.bind"] = True
    yield
    DEFAULTS["rules.bind"] = False


def _make(config: Config) -> Flask:
    from shop import create_app
    from shop.core.settings import DEFAULTS

    DEFAULTS["intake.binds"] = DEFAULTS["rules.bind"] = False

    app = create_app(config)
    app.test_client_class = InspectingClient
    return app


@pytest.fixture
def client(app: Flask) -> InspectingClient:
    """A visitor nobody knows."""
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    return client


@pytest.fixture
def as_client(app: Flask) -> InspectingClient:
    """A client who is signed in: `.user` is the sign-in, `.person` the client of the clinic."""
    return browser_of_client(app)


@pytest.fixture
def as_consultant(app: Flask) -> InspectingClient:
    return browser_of_staff("consultant", app)


@pytest.fixture
def as_admin(app: Flask) -> InspectingClient:
    return browser_of_staff("admin", app)


@pytest.fixture
def as_role(app: Flask) -> Callable[[str], InspectingClient]:
    """`as_role("desk")`: staff of that role, in a browser of their own."""
    return lambda role: browser_of_staff(role, app)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday 2 March 2026, 9:30 in London, standing still: `clock.shift(timedelta(days=1))`, `clock.move_to(...)`."""
    with time_machine.travel(MARCH, tick=False) as traveller:
        yield traveller


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[Count]]:
    """`with statements() as count:` and then `len(count)`."""
    return counting


@pytest.fixture
def standin(app: Flask, tmp_path: Path) -> StandIn:
    """Stripe's stand-in, wired in both directions: `standin.pay(address)`, `standin.desk`."""
    return stand_in(app, tmp_path)


@pytest.fixture
def run_worker(app: Flask) -> Callable[[], int]:
    """Do whatever is due, as the worker would: Stripe's messages, then effects; says how many rows were done."""

    def work() -> int:
        from shop.core.db import db
        from shop.working import work_due

        db.session.commit()
        with app.app_context():
            return work_due()

    return work


@pytest.fixture
def mailbox(run_worker: Callable[[], int], instance: Path) -> Mailbox:
    """The e-mails that went out, oldest first, after the worker has done what is due."""
    return Mailbox(instance / "mail", run_worker)
