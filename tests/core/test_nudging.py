"""What a web worker loads to nudge the worker that does the rest."""

from __future__ import annotations

import subprocess
import sys

from tests.support.sources import ROOT

ASK = """
import sys
from types import SimpleNamespace
from pathlib import Path
from shop.nudging import make_queue
make_queue(SimpleNamespace(redis_url="", secret_key="x" * 40, instance=Path(sys.argv[1])))
print(sorted({"redis", "psycopg"} & set(sys.modules)))
import psycopg, redis
print(redis.Redis.__name__, psycopg.Connection.__name__)
"""


def test_a_queue_in_a_file_loads_no_driver_of_another_store_and_hides_none_for_long(tmp_path):
    done = subprocess.run([sys.executable, "-c", ASK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["[]", "Redis Connection"], done.stderr
