"""The locks hold names, versions and hashes of every part, and no address of a package index."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from dev.places import ROOT, must, say

TOOLS = ("pip-tools==7.6.2",)
SILENT = (
    "--quiet --generate-hashes --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-trusted-host"
    " --no-emit-find-links --no-emit-options --allow-unsafe"
)


def lock() -> None:
    """Write requirements/*.txt anew from *.in; the tool for it lives in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        must([sys.executable, "-m", "venv", folder], failed="the virtual environment failed.")
        must([python, "-m", "pip", "install", "--quiet", *TOOLS], failed="pip-tools could not be installed.")
        for name in ("base", "test"):
            command = [str(python), "-m", "piptools", "compile", *SILENT.split(), "-o", f"{name}.txt", f"{name}.in"]
            subprocess.run(command, cwd=ROOT / "requirements", stdin=subprocess.DEVNULL, check=True)
            say(f"requirements/{name}.txt is written.")
