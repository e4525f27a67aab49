"""A serving process starts without what only commands and the worker need."""

import json
import os
import subprocess
import sys

from tests.support import sources

HEAVY = ("reportlab", "PIL", "icalendar", "flask_migrate", "alembic", "stripe", "hypothesis", "huey")
ASK = "import json, sys; from shop import create_app; create_app(); print(json.dumps(sorted(sys.modules)))"


def test_heavy_parts_are_not_loaded_by_create_app(tmp_path):
    env = {"PATH": os.environ["PATH"], "SHOP_INSTANCE": str(tmp_path), "SHOP_ENV": "development"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=sources.ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert sorted(loaded & set(HEAVY)) == []
