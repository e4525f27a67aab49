"""Searching the whole shop: products, and the pages whose names answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from shop.catalog.filters import LONGEST_QUERY
from shop.catalog.search import MOST_HITS, Found, find
from shop.catalog.search_pages import pages_for
from shop.catalog.search_query import read_words
from shop.storefront.money_words import currency
from shop.storefront.pages import bp


@bp.get("/search")
def search() -> Any:
    q = " ".join(request.args.get("q", "")[: LONGEST_QUERY * 4].split())[:LONGEST_QUERY]
    offset = _offset(request.args.get("after", ""))
    found = find(q, currency=currency(), offset=offset)
    return render_template(
        "storefront/search.html",
        q=q,
        corrected=found.corrected,
        count_words=_count_words(found, found.corrected or q),
        pages=pages_for(read_words(found.corrected or q)) if not offset else [],
        cards=found.cards,
        next_url=_address(q, found.next_offset) if found.next_offset else "",
        first_url=_address(q, 0) if offset else "",
    )


def _address(q: str, offset: int) -> str:
    return f"/search?{urlencode({'q': q} | ({'after': offset} if offset else {}))}"


def _offset(text: str) -> int:
    """A place among the hits; anything else is the first."""
    return min(int(text), MOST_HITS * 2) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _count_words(found: Found, q: str) -> str:
    if not found.total:
        return f"No products for “{q}”"
    if found.total >= MOST_HITS:
        return f"The best of many products for “{q}”"
    return f"{found.total} product{'' if found.total == 1 else 's'} for “{q}”"
