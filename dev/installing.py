"""The virtual environment holds exactly what the locks name; it is touched only when they changed."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dev.places import PYTHON, ROOT, VENV, Stop, must, say

OLDEST = (3, 11)
APT_LINE = "apt-get install python3-venv"


def install(*locks: str) -> None:
    """Make the environment hold these locks ("base", "test"); no network when it does already."""
    if sys.version_info < OLDEST:
        raise Stop(f"Python 3.11 or newer is needed; this is {platform.python_version()}.")
    with _alone():
        if not PYTHON.exists():
            _create()
        for lock in locks:
            _install_one(lock)


def _create() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Stop(f"this Python cannot make virtual environments. On Debian and Ubuntu: {APT_LINE}")
    say("Creating .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        must([sys.executable, "-m", "venv", VENV], failed=f"the virtual environment failed. On Debian: {APT_LINE}")
    except Stop:
        shutil.rmtree(VENV, ignore_errors=True)  # half an environment would be taken for a whole one next time
        raise


def _install_one(lock: str) -> None:
    path = ROOT / "requirements" / f"{lock}.txt"
    stamp = VENV / f".installed-{lock}"
    wanted = hashlib.sha256(platform.python_version().encode() + path.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing requirements/{lock}.txt …")
    # The lock is complete, so nothing is resolved; files are compiled when they are first imported.
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    must([*pip, "--no-deps", "--no-compile", "--require-hashes", "-r", path], failed=f"requirements/{lock}.txt failed.")
    stamp.write_text(wanted)


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands started together install one after the other."""
    with (ROOT / "requirements" / "base.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
