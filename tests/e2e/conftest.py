"""The demo clinic on its real server, worker and stand-in, and a Chromium that forgives nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import Config
from tests.support import processes

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
SCREENSHOTS = processes.ROOT / "screenshots"
PASSWORD, SECOND_FACTOR = "violet-harbour-lantern", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WIDTHS = (390, 1440)
TALLEST = 8_000  # pixels of a page that are kept: Chromium stalls on the picture of a list without end
PATIENCE = 60_000  # milliseconds: a slow machine under load is no reason to fail
AXE = Path(__file__).parent / "axe" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
RUN_AXE = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(found => found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.e2e)


@dataclass(frozen=True)
class Live:
    """A running shop: where it answers and where its e-mails are kept."""

    url: str
    config: Config
    password: str = PASSWORD
    second_factor: str = SECOND_FACTOR
    given: dict[str, str] = field(default_factory=dict)

    @property
    def mails(self) -> list[Path]:
        folder = Path(self.config.mail_url.removeprefix("file://"))
        return sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)

    def fresh_code(self, email: str) -> str:
        """A second factor that this member of staff has not given yet: one is good once, so the next is waited for."""
        import pyotp

        totp = pyotp.TOTP(self.second_factor)
        while (code := totp.now()) == self.given.get(email):
            time.sleep(0.5)
        self.given[email] = code
        return code

    def all_sent(self) -> None:
        """Wait until the worker has done everything that is due. Raises when it does not get there."""
        waiting = "select count(*) from outbox where done_at is null and due_at <= ?"
        for _ in range(PATIENCE // 250):
            with closing(sqlite3.connect(self.config.database_url.removeprefix("sqlite:///"))) as books:
                if books.execute(waiting, (f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}",)).fetchone() == (0,):
                    return
            time.sleep(0.25)
        raise AssertionError("The worker has not sent everything")


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """The demo clinic, seeded once for all journeys."""
    folder = Path(tempfile.mkdtemp(prefix="shop-e2e-"))
    port, standin_port = processes.free_port(), processes.free_port()
    config = replace(
        Config(),
        database_url=f"sqlite:///{folder / 'shop.db'}",
        secret_key="a secret of the journeys, long enough for anything",
        stripe_api_key="sk_test_standin_journeys",
        stripe_webhook_secrets=("whsec_of_the_journeys",),
        stripe_api_base=f"http://{processes.HOST}:{standin_port}",
        site_url=f"http://{processes.HOST}:{port}",
        mail_url=f"file://{folder / 'mail'}",
        sms_url=f"file://{folder / 'sms'}",
        media_url=f"file://{folder / 'media'}",
        instance=folder,
    )
    flask(config, "db", "upgrade")
    flask(config, "shop", "seed-demo")
    with ExitStack() as running:
        running.enter_context(processes.standin_server(config, folder, port=standin_port))
        server = running.enter_context(processes.shop_server(config, folder, port=port))
        running.enter_context(processes.shop_worker(config, folder))
        yield Live(server.url, config)
    shutil.rmtree(folder, ignore_errors=True)


def flask(config: Config, *words: str) -> None:
    """One of the clinic's own commands. Raises with what it said when it fails."""
    env = processes.environment(config) | {"SHOP_DEMO_PASSWORD": PASSWORD, "SHOP_DEMO_SECOND_FACTOR": SECOND_FACTOR}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=processes.ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def base_url(live: Live) -> str:
    return live.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("No Chromium on this machine: apt-get install chromium")
    return {"executable_path": found, "args": FLAGS.split(), "headless": True}


@dataclass
class Watched:
    """What a browser complained about while a journey ran."""

    complaints: list[str]

    def watch(self, page: Any, *hosts: str) -> None:
        page.on("console", lambda said: self._said(said))
        page.on("pageerror", lambda error: self.complaints.append(f"script failed: {error}"))
        page.on("request", lambda asked: self._asked(asked, hosts))

    def _said(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(f"console: {said.text} ({said.location.get('url')})")

    def _asked(self, asked: Any, hosts: tuple[str, ...]) -> None:
        if not asked.url.startswith((*hosts, "data:", "blob:")):
            self.complaints.append(f"another host was asked: {asked.url}")


@pytest.fixture
def visit(live: Live, browser: Any) -> Iterator[Callable[..., Any]]:
    """`page = visit(width=390, javascript=False, dark=True)`: a new visitor; complaints of the browser fail the test.

    `signed_in` is a kept state of cookies (see `staff`).

    The shop's own pages and the stand-in's pay page are the only hosts that may be asked.
    """
    watched = Watched([])
    contexts = []

    def open_page(*, width: int = 1440, javascript: bool = True, dark: bool = False, signed_in: Any = None) -> Any:
        context = browser.new_context(
            base_url=live.url,
            viewport={"width": width, "height": 844 if width < 700 else 900},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            is_mobile=width < 700,
            has_touch=width < 1000,
            storage_state=signed_in,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watched.watch(page, live.url, live.config.stripe_api_base)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watched.complaints, "\n".join(watched.complaints)


@pytest.fixture(scope="session", autouse=True)
def patient() -> None:
    """Every `expect` waits as long as every step does."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def staff(live: Live, browser: Any) -> Callable[[str], Any]:
    """`staff("admin@example.com")`: the cookies of a member of staff, who gives the second factor once."""
    kept: dict[str, Any] = {}

    def signed_in(email: str) -> Any:
        if email not in kept:
            from tests.e2e.acting import sign_in

            context = browser.new_context(base_url=live.url)
            context.set_default_timeout(PATIENCE)
            sign_in(context.new_page(), live, email)
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return signed_in


@pytest.fixture(scope="session")
def accessible() -> Callable[[Any], None]:
    """`accessible(page)`: axe finds nothing against WCAG 2.2 A and AA on the page as it stands."""
    source = AXE.read_text()

    def look(page: Any) -> None:
        page.evaluate(source)
        found = page.evaluate(RUN_AXE, list(RULES))
        assert not found, f"{page.url} at {page.viewport_size['width']} pixels:\n" + "\n".join(found)

    return look


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """`shot(page, "product")` keeps screenshots/product-390.png of the whole page."""

    def take(page: Any, name: str) -> Path:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}-{page.viewport_size['width']}.png"
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}
        page.screenshot(path=path, full_page=True, clip=clip)
        return path

    return take


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", "0")  # the system's Chromium, never a download
