"""`dev.py` before anything is installed: ports, secrets, children that get one SIGINT and no more."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from dev import places, secrets_file, serving
from tests.support.sources import ROOT

# Writes one letter for each SIGINT and ends half a second after the first, as a worker finishing its job does.
CHILD = """
import pathlib, signal, sys, time
log = pathlib.Path(sys.argv[1])
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(time.monotonic()))
log.write_text("r")
while not seen or time.monotonic() < seen[0] + 0.5:
    time.sleep(0.01)
log.write_text("r" + "i" * len(seen))
"""


@pytest.fixture
def instance(tmp_path, monkeypatch):
    for module in (places, secrets_file, serving):
        monkeypatch.setattr(module, "INSTANCE", tmp_path / "instance")
    return tmp_path / "instance"


def test_a_used_port_is_stepped_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serving.free_port(port) > port


def test_secrets_are_drawn_once_and_readable_by_their_owner_alone(instance, monkeypatch):
    for name in ("SECRET_KEY", "SHOP_DEMO_PASSWORD", "STRIPE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    first = secrets_file.read_or_draw()
    assert secrets_file.read_or_draw() == first
    assert stat.S_IMODE((instance / "dev.env").stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)


def test_a_file_that_lacks_a_secret_is_completed_and_keeps_the_rest(instance):
    instance.mkdir()
    (instance / "dev.env").write_text("SHOP_DEMO_PASSWORD=kept\n")
    assert secrets_file.read_or_draw()["SHOP_DEMO_PASSWORD"] == "kept"
    assert secrets_file.read_or_draw()["SECRET_KEY"]


def test_the_environment_wins_over_what_was_drawn(instance, monkeypatch):
    monkeypatch.setenv("SHOP_DEMO_PASSWORD", "mine alone")
    assert secrets_file.read_or_draw()["SHOP_DEMO_PASSWORD"] == "mine alone"


def test_the_sign_ins_are_printed_as_the_readme_says(instance):
    lines = secrets_file.sign_ins(secrets_file.read_or_draw())
    assert [len(line.split("  ")) for line in lines] == [2, 3, 3]
    assert [line.split("  ")[0] for line in lines] == list(secrets_file.DEMO_PEOPLE)
    assert re.fullmatch(r"[A-Z2-7]{32}", lines[1].split("  ")[2])


def test_a_real_test_key_of_stripe_starts_no_stand_in(instance, monkeypatch):
    monkeypatch.delenv("STRIPE_API_BASE", raising=False)
    assert "STRIPE_API_BASE" in serving.environment(8000)
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_ofaccount")
    assert "STRIPE_API_BASE" not in serving.environment(8000)


def test_children_may_write_compiled_files(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in places.child_environment()


@pytest.mark.slow
def test_each_child_gets_exactly_one_sigint_and_time_to_finish(instance, tmp_path):
    instance.mkdir()
    logs = [tmp_path / "one", tmp_path / "two"]
    children = {log.name: serving._spawn(log.name, [sys.executable, "-c", CHILD, log], dict(os.environ)) for log in logs}
    while not all(log.exists() and log.read_text() == "r" for log in logs):
        assert all(child.poll() is None for child in children.values())
        time.sleep(0.01)
    serving.stop(children)
    assert [log.read_text() for log in logs] == ["ri", "ri"]
    assert [child.returncode for child in children.values()] == [0, 0]


@pytest.mark.slow
def test_ctrl_c_in_the_terminal_is_one_note_and_no_trace(tmp_path):
    """Started in the background by a shell that ignores SIGINT for it, the command still hears it."""
    script = "from dev import serving; import time; n = serving._listen_for_stop(); print('up', flush=True)\nwhile not n: time.sleep(0.01)"
    child = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    child.send_signal(signal.SIGINT)
    assert child.wait(10) == 0
    child.stdout.close()
