"""What is committed speaks of the shop alone: no package index, no other machine's paths, no secret."""

import re

from tests.support import sources

INDEX = re.compile(r"(?i)(index-url|trusted-host|find-links|pypi\.org|pythonhosted|/simple\b)")
SECRET = re.compile(r"\b(sk|rk)_live_\w{12,}|-----BEGIN [A-Z ]*PRIVATE KEY-----")
# dev/locking.py names the options that keep addresses out; this file names what it looks for.
MAY_NAME_THEM = {"dev/locking.py", "tests/guards/test_repository.py"}
TEXT = {".py", ".txt", ".in", ".toml", ".md", ".html", ".css", ".js", ".cfg", ".ini", ".sh", ".yml", ".yaml", ""}


def test_no_file_names_a_package_index():
    assert not _lines(INDEX)


def test_no_file_holds_a_live_secret():
    assert not _lines(SECRET)


def test_every_locked_part_has_its_hash():
    for lock in sorted((sources.ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        parts = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", text, re.MULTILINE)
        assert len(parts) > 5
        assert len(re.findall(r"==[^\n]*\\\n\s+--hash=sha256:", text)) == len(parts), (
            f"{lock.name} has a part without a hash"
        )


def _lines(pattern: re.Pattern[str]) -> list[str]:
    texts = (path for path in sources.tracked() if path.suffix in TEXT)
    return [
        f"{path.relative_to(sources.ROOT)}:{number}"
        for path in texts
        if path.relative_to(sources.ROOT).as_posix() not in MAY_NAME_THEM
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
