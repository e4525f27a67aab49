"""The real server in processes of its own, on a free port, for races and kills; only what was started here is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import Config

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
READY_SECONDS = 30


def environment(config: Config) -> dict[str, str]:
    """The same configuration as a child process reads it."""
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return env | {
        "SHOP_ENV": config.env,
        "SHOP_INSTANCE": str(config.instance),
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "SHOP_FIELD_KEYS": ",".join(config.field_keys),
        "STRIPE_API_KEY": config.stripe_api_key,
        "STRIPE_WEBHOOK_SECRETS": ",".join(config.stripe_webhook_secrets),
        "STRIPE_API_BASE": config.stripe_api_base,
        "MAIL_URL": config.mail_url,
        "SMS_URL": config.sms_url,
        "MEDIA_URL": config.media_url,
        "SITE_URL": config.site_url,
        "SHOP_CURRENCY": config.currency,
        "SHOP_TIMEZONE": config.timezone,
        "SHOP_JURISDICTION": config.jurisdiction,
    }


@dataclass
class Process:
    """One program in a session of its own."""

    command: list[str]
    env: Mapping[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self.running is not None, "not started"
        return self.running.pid

    @property
    def children(self) -> list[int]:
        """Process ids of its workers, as the kernel lists them."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def kill(self) -> None:
        """Power off: the program and every worker at once."""
        assert self.running is not None, "not started"
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.running.wait(10)

    def interrupt(self) -> int:
        """One Ctrl-C; its exit code."""
        assert self.running is not None, "not started"
        self.running.send_signal(signal.SIGINT)
        return self.running.wait(30)

    def end(self) -> None:
        if self.running is not None:
            self.kill()

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""


@dataclass
class Server(Process):
    """A program that answers on `url`."""

    url: str = ""

    def wait_ready(self, path: str = "/healthz") -> float:
        """Seconds until it answers 200. Raises with the end of its log when it does not."""
        began = time.monotonic()
        while time.monotonic() - began < READY_SECONDS:
            if self.running is not None and self.running.poll() is not None:
                break
            with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(self.url + path, timeout=5):
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError(f"{self.url} did not answer:\n{self.tail()}")

    def restart(self) -> None:
        self.kill()
        self.start()
        self.wait_ready()


@contextmanager
def shop_server(
    config: Config,
    folder: Path,
    *,
    workers: int = 2,
    threads: int = 8,
    module: str = "wsgi",
    port: int = 0,
    ready: str = "/healthz",
) -> Iterator[Server]:
    """The server as in production, started and ready; killed with all its workers at the end.

    `config.site_url` should carry the same port when pages build absolute links (see `free_port`).
    """
    port = port or free_port()
    command = [sys.executable, "-m", module, "--host", HOST, "--port", str(port), "--workers", str(workers)]
    command += ["--threads", str(threads), "--respawn-interval", "0.2"]
    server = Server(command, environment(config), folder / "web.log", url=f"http://{HOST}:{port}")
    server.start()
    try:
        server.wait_ready(ready)
        yield server
    finally:
        server.end()


@contextmanager
def shop_worker(config: Config, folder: Path) -> Iterator[Process]:
    """The worker of the outbox."""
    worker = Process([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], environment(config), folder / "worker.log")
    worker.start()
    try:
        yield worker
    finally:
        worker.end()


@contextmanager
def standin_server(config: Config, folder: Path, *, port: int) -> Iterator[Server]:
    """The stand-in of Stripe on its own port; `config.stripe_api_base` names it."""
    command = [sys.executable, "-m", "shop.payments.standin", "--port", str(port)]
    server = Server(command, environment(config), folder / "standin.log", url=f"http://{HOST}:{port}")
    server.start()
    try:
        server.wait_ready("/healthz")
        yield server
    finally:
        server.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
