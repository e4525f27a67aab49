"""A shelf and a client, for the tests that open plans."""

import pytest

from tests.plans.making import make_shelf
from tests.support import factories


@pytest.fixture
def shelf(app):
    return make_shelf()


@pytest.fixture
def nora(shelf):
    return factories.make_client(name="Nora Beck")
