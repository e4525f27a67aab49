"""A package imports only packages of lower layers, never one of its own layer; `__init__`, `cli` and `demo` know all."""

import pytest

from tests.support import sources

LAYERS = (
    ("core",),
    ("care", "accounts", "payments", "terms"),
    ("catalog",),
    ("inventory", "wallet", "intake"),
    ("cases",),
    ("visits",),
    ("bag",),
    ("orders",),
    ("checkout", "plans", "reviews", "wishes"),
    ("storefront", "account", "imports", "reports"),
    ("admin", "api"),
)
LAYER = {package: number for number, packages in enumerate(LAYERS) for package in packages}
KNOW_ALL = ("", "demo")
PURE = ("care", "terms")  # engines that answer without a page and without a database
PURE_FILES = ("shop/core/money.py", "shop/core/ledger.py", "shop/core/clock.py")
IMPURE = ("flask", "sqlalchemy", "flask_sqlalchemy", "werkzeug")
# Inside pure packages these hold what the engine cannot be: tables, pages, and what loads rows for it.
NOT_PURE_NAMES = ("models", "models.py", "views.py", "views", "cli.py", "pages.py", "loading.py")


@pytest.mark.parametrize("source", sources.shop(), ids=lambda source: source.name)
def test_a_package_imports_only_lower_layers(source):
    if source.package in KNOW_ALL:
        return
    assert source.package in LAYER, f"{source.package} has no layer"
    wrong = [
        f"{source.name}:{line} imports {module}"
        for module, line in source.imports()
        if module.startswith("shop.") and not _may(source.package, module.split(".")[1])
    ]
    assert not wrong


def test_pure_engines_know_neither_pages_nor_databases():
    pure = [s for s in sources.shop() if _is_pure(s)]
    assert len(pure) > 5
    wrong = [
        f"{s.name}:{line} imports {module}" for s in pure for module, line in s.imports() if module.split(".")[0] in IMPURE
    ]
    assert not wrong


def _may(package: str, other: str) -> bool:
    return other == package or LAYER.get(other, len(LAYERS)) < LAYER[package]


def _is_pure(source: sources.Source) -> bool:
    inside = source.package in PURE and not set(source.path.parts) & set(NOT_PURE_NAMES)
    return inside or source.name in PURE_FILES
