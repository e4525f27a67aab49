"""Where things are in the checkout, and how a command is run in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTANCE = Path(os.environ.get("SHOP_INSTANCE") or ROOT / "instance")


class Stop(SystemExit):
    """Ends the command with a sentence for the person at the terminal."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"dev.py: {sentence}")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment for a child: compiled files allowed (without them the shop starts three times slower)."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return env | {"VIRTUAL_ENV": str(VENV), "PYTHONUNBUFFERED": "1"} | dict(extra or {})


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> int:
    """Run a command in the checkout with our terminal; its exit code."""
    return subprocess.call([str(part) for part in command], cwd=ROOT, env=child_environment(env))


def must(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, failed: str) -> None:
    """The same for a step that everything after it needs; its output is shown only when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=child_environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stdout.write(done.stdout)
        raise Stop(failed)
