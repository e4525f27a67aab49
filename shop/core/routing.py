"""How addresses are read and made: numbers that fit a database, and the making of an address learned when first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import IntegerConverter, Map, Rule


class RowNumber(IntegerConverter):
    """`<int:…>` in a route: a number that a database can hold; a longer one is a page that is not here."""

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": 2**63 - 1} | options)


class ShopRule(Rule):
    """Werkzeug compiles two functions for each route while the shop starts; here each is compiled at its first use.

    Of some hundred routes a process makes addresses of a few, and a tenth of the start went into the others.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, **values)

        return build
