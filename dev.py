#!/usr/bin/env python3
"""Run and check the shop: `python3 dev.py run`, `python3 dev.py test`. Needs nothing but Python 3.11."""

from __future__ import annotations

import argparse
import shutil
import sys

from dev import checking, locking, places, serving
from dev.installing import install


def main() -> int:
    arguments, rest = _parser().parse_known_args()
    if rest and arguments.act not in ("test", "e2e", "bench"):
        _parser().error(f"unknown: {' '.join(rest)}")
    match arguments.act:
        case "run":
            serving.serve(port=arguments.port)
        case "test":
            return checking.test(rest, slow=arguments.slow, slow_only=arguments.slow_only)
        case "e2e":
            return checking.e2e(rest)
        case "lint":
            return checking.lint()
        case "bench":
            install("base", "test")
            return places.run([places.PYTHON, "-m", "bench", *rest])
        case "reset":
            return _reset(sure=arguments.yes)
        case "lock":
            locking.lock()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__, allow_abbrev=False)
    acts = parser.add_subparsers(dest="act", required=True, metavar="run | test | e2e | lint | bench | reset | lock")
    run = acts.add_parser("run", help="the demo shop on this machine, with its worker and the Stripe stand-in")
    run.add_argument("--port", type=int, default=8000, help="first port to try (8000)")
    test = acts.add_parser("test", help="the suite on SQLite and PostgreSQL; anything else goes to pytest")
    test.add_argument("--slow", action="store_true", help="races, kills and long fuzzing as well")
    test.add_argument("--slow-only", action="store_true", help="nothing but those")
    acts.add_parser("e2e", help="journeys in Chromium; anything else goes to pytest")
    acts.add_parser("lint", help="ruff, its formatter and mypy")
    acts.add_parser("bench", help="speed against a bare Flask page in the same run; --help lists its options")
    reset = acts.add_parser("reset", help="empty instance/: the demo's database, media, mails and secrets")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    acts.add_parser("lock", help="write requirements/*.txt anew from *.in")
    return parser


def _reset(*, sure: bool) -> int:
    if not places.INSTANCE.exists():
        return 0
    if not sure and input(f"Empty {places.INSTANCE}? Its data cannot be brought back. [y/N] ").strip().lower() != "y":
        return 1
    shutil.rmtree(places.INSTANCE)
    places.say("Emptied.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
