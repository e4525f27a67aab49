"""A client's series, as the desks find it."""

from __future__ import annotations

import pytest

from tests.orders.buying import credits_of, place_order
from tests.support.factories import make_client, make_package


@pytest.fixture
def six(app, clock):
    """Six sessions for 540.00 in cash, of a client with a file."""
    order = place_order(make_package(sessions=6, price_minor=54000), client=make_client(), tenders=[("cash", 54000)])
    return credits_of(order)[0]
