"""What the catalogue works out beforehand from its products: the search index and the counts beside the filters."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from shop.catalog import facet_counting, facet_reading, menu, search_index, search_pages, search_query
from shop.core import clock
from shop.core.keeping import forget
from shop.core.outbox import put

COUNTS = "catalog.counts"
WAIT = timedelta(seconds=20)
KEPT = (menu.KEPT, facet_reading.KEPT, search_query.KEPT, search_pages.KEPT)


def rebuild() -> int:
    """Everything anew, in the caller's transaction: after an import, a seed, or a change of many prices."""
    done = search_index.rebuild()
    facet_counting.rebuild()
    forget(*KEPT)
    return done


def update(product_ids: Collection[int]) -> None:
    """After some products changed, in the same transaction; the counts follow soon, once for all changes of a moment."""
    search_index.update(product_ids)
    moment = int(clock.now().timestamp() / WAIT.total_seconds())
    put(COUNTS, {}, key=f"{COUNTS}:{moment}", due_at=clock.now() + WAIT)


def count_again() -> None:
    """The outbox handler of kind "catalog.counts"."""
    facet_counting.rebuild()
    forget(facet_reading.KEPT)
