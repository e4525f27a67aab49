"""`dev.py test`, `e2e` and `lint`: the same commands on a newcomer's machine and in continuous integration."""

from __future__ import annotations

import json
import os

from dev.installing import install
from dev.places import PYTHON, ROOT, run

# What a developer's shell may hold must not decide whether a test passes.
KEPT = ("SHOP_TEST_DATA", "SHOP_TESTS_")
OURS = (
    "SHOP_",
    "STRIPE_API",
    "STRIPE_WEBHOOK",
    "DATABASE_URL",
    "SECRET_KEY",
    "REDIS_URL",
    "MAIL_URL",
    "SMS_URL",
    "MEDIA_URL",
    "SITE_URL",
)
FAST, SLOW, ALL = "not slow and not e2e", "slow and not e2e", "not e2e"


def test(arguments: list[str], *, slow: bool, slow_only: bool) -> int:
    """The suite on SQLite and PostgreSQL; the fast part unless asked otherwise."""
    install("base", "test")
    marks = SLOW if slow_only else ALL if slow else FAST
    spread = [] if _chosen(arguments) else ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
    return _pytest(["-q", "-m", marks, *spread, *arguments])


def e2e(arguments: list[str]) -> int:
    """The journeys in the system's Chromium; screenshots go to screenshots/."""
    install("base", "test")
    where = [] if _chosen(arguments) else ["tests/e2e"]
    return _pytest(["-q", "-m", "e2e", "-p", "playwright", *where, *arguments])


def failed_files() -> list[str]:
    """The test files with a failure in the last run."""
    kept = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return sorted({name.partition("::")[0] for name in json.loads(kept.read_text())}) if kept.exists() else []


def lint() -> int:
    """Style, types of the packages, and the formatter; every finding fails."""
    install("base", "test")
    checks = (
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy", "shop", "config.py", "wsgi.py"],
    )
    return max(run(check) for check in checks)


def _pytest(arguments: list[str]) -> int:
    for name in list(os.environ):
        if name.startswith(OURS) and not name.startswith(KEPT):
            del os.environ[name]
    return run([PYTHON, "-m", "pytest", *arguments])


def _chosen(arguments: list[str]) -> bool:
    """Somebody who names a file or a number of processes knows what they want."""
    return any(argument.startswith(("-n", "tests/", "--dist")) or ".py" in argument for argument in arguments)
