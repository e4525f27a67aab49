"""The shop's own source files, read once, for the tests that guard how they are written."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Source:
    path: Path

    @property
    def name(self) -> str:
        """As in the repository: shop/orders/placing.py."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        """orders, for shop/orders/…; empty for shop/__init__.py and shop/cli.py."""
        parts = self.path.relative_to(ROOT / "shop").parts
        return parts[0] if len(parts) > 1 else ""

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every imported module, wherever in the file it is imported; `from shop.core import clock` is shop.core.clock."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def calls(self) -> Iterator[tuple[str, int]]:
        """Every call by its dotted name, as far as it is one: db.session.commit, datetime.now."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield _dotted(node.func), node.lineno


@cache
def shop() -> tuple[Source, ...]:
    found = [Source(path) for path in sorted((ROOT / "shop").rglob("*.py")) if "__pycache__" not in path.parts]
    assert len(found) > 10, "the shop's sources were not found"
    return tuple(found)


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def tracked() -> list[Path]:
    """Every file that is committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"
