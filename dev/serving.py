"""`dev.py run`: web, worker and the Stripe stand-in, each a process of its own, stopped with one SIGINT each."""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from dev import secrets_file
from dev.installing import install
from dev.places import INSTANCE, PYTHON, ROOT, Stop, child_environment, must, say

HOST = "127.0.0.1"
STOP_SECONDS = 30
READY_SECONDS = 60
FLASK = [PYTHON, "-m", "flask", "--app", "wsgi"]
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def serve(*, port: int) -> None:
    """Everything from an empty checkout to a running shop; returns when Ctrl-C has stopped all three."""
    install("base")
    port = free_port(port)
    env = environment(port)
    prepare(env)
    stopping = _listen_for_stop()
    children = start(env, port)
    try:
        if wait_ready(f"http://{HOST}:{port}/readyz", children, stopping):
            _introduce(env, port)
            _watch(children, stopping)
        say("\nStopping …")
    finally:
        stop(children)


def free_port(first: int) -> int:
    """The first port nobody listens on. A plain bind asks; granian itself would share a used port silently."""
    for port in range(first, first + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what was stopped a moment ago is free again
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise Stop(f"no free port from {first} to {first + 199}.")


def environment(port: int) -> dict[str, str]:
    """What the three processes read; whatever the caller's environment already says wins."""
    values = secrets_file.read_or_draw()
    values["SHOP_ENV"] = os.environ.get("SHOP_ENV", "development")
    values["SITE_URL"] = os.environ.get("SITE_URL", f"http://{HOST}:{port}")
    if values["STRIPE_API_KEY"].startswith(secrets_file.STANDIN_PREFIX):
        values.setdefault("STRIPE_API_BASE", f"http://{HOST}:{free_port(port + 100)}")
    return values


def prepare(env: dict[str, str]) -> None:
    """Migrate and, when the database is new, open the demo clinic; skipped when nothing changed since."""
    INSTANCE.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL", "")
    stamp = INSTANCE / (".prepared-" + hashlib.sha256(url.encode()).hexdigest()[:12])
    known = stamp.read_text() if stamp.exists() and (url or (INSTANCE / "shop.db").exists()) else ""
    wanted = _migrations()
    if known != wanted:
        say("Preparing the database …")
        must([*FLASK, "db", "upgrade"], env=env, failed="the migrations failed.")
    if not known:
        say("Opening the demo clinic …")
        must([*FLASK, "shop", "seed-demo"], env=env, failed="the demo clinic could not be opened.")
    stamp.write_text(wanted)


def start(env: dict[str, str], port: int) -> dict[str, subprocess.Popen[bytes]]:
    workers = str(min(2, os.cpu_count() or 1))
    web = [PYTHON, "-m", "wsgi", "--host", HOST, "--port", str(port), "--workers", workers]
    children = {}
    if base := env.get("STRIPE_API_BASE"):
        own = [PYTHON, "-m", "shop.payments.standin", "--port", base.rsplit(":", 1)[1]]
        children["standin"] = _spawn("standin", own, env)
    children["web"] = _spawn("web", web, env)
    children["worker"] = _spawn("worker", [*FLASK, "worker"], env)
    return children


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """One SIGINT each: a second one would make the worker drop its running job."""
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    for name, child in children.items():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{name} did not stop by itself and was ended.")
            os.killpg(child.pid, signal.SIGKILL)  # its own session, so this reaches its workers and nobody else


def wait_ready(url: str, children: dict[str, subprocess.Popen[bytes]], stopping: list[int]) -> bool:
    """True once the shop answers; False when somebody asked to stop before."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if stopping:
            return False
        _refuse_dead(children)
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise Stop(f"the shop was not ready within {READY_SECONDS} seconds; see {_short(INSTANCE / 'log')}.")


def _introduce(env: dict[str, str], port: int) -> None:
    say(f"http://{HOST}:{port}")
    for line in secrets_file.sign_ins(env):
        say(line)
    say(f"\nCtrl-C stops the shop. Its logs are in {_short(INSTANCE / 'log')}.")


def _spawn(name: str, command: Sequence[str | Path], env: dict[str, str]) -> subprocess.Popen[bytes]:
    log = INSTANCE / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=child_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def _die_with_parent() -> None:
    """On Linux a child is told to stop even when this process is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGINT)


def _listen_for_stop() -> list[int]:
    """From now on Ctrl-C and a polite kill only leave a note here; the note's reader stops the children.

    Set before the children start: a handled signal is theirs to handle anew, an ignored one would stay ignored, and
    a shell that starts us in the background ignores SIGINT for us.
    """
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: asked.append(received))
    return asked


def _watch(children: dict[str, subprocess.Popen[bytes]], stopping: list[int]) -> None:
    while not stopping:
        _refuse_dead(children)
        time.sleep(0.2)


def _refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            log = INSTANCE / "log" / f"{name}.log"
            say("\n".join(log.read_text(errors="replace").splitlines()[-25:]))
            raise Stop(f"{name} ended by itself (code {child.returncode}); the lines above are the end of {_short(log)}.")


def _migrations() -> str:
    """A fingerprint of what `db upgrade` would do."""
    files = sorted((ROOT / "migrations").rglob("*.py"))
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
