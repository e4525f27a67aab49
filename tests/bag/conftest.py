"""A clinic that sells gift cards, and a guest with a series in the bag."""

from __future__ import annotations

import pytest

from shop.core import settings
from shop.core.db import db
from tests.support.factories import make_package
from tests.support.journeys import fill_bag


@pytest.fixture
def sold(clock, app):
    settings.change_setting("gift_cards.on", True, by="user:1")
    db.session.commit()


@pytest.fixture
def guest(clock, client):
    """A series of six, 540.00."""
    fill_bag(client, package=make_package(sessions=6).slug)
    return client
