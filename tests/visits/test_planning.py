"""Counting back from a day that matters."""

from __future__ import annotations

import pytest

from shop.core.db import db
from tests.support.factories import make_package
from tests.visits.clinic import book_at, open_clinic


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


def test_a_wedding_on_20_june_with_4_sessions_21_days_apart_and_14_clear(client, app, clock):
    make_package(sessions=4, slug="four", gaps=[[21, None]] * 3)
    page = client.get("/packages/four/dates?event=2026-06-20&clear=14").text
    for day in ("Saturday 4 April", "Saturday 25 April", "Saturday 16 May", "Saturday 6 June"):
        assert day in page


def test_what_does_not_fit_is_answered_with_the_nearest_honest_option(client, app, clock):
    make_package(sessions=4, slug="four", gaps=[[21, None]] * 3)
    page = client.get("/packages/four/dates?event=2026-04-10&clear=14").text
    assert "4 sessions do not fit before Friday 10 April 2026" in page
    assert "the whole series is ready for an event from" in page


@pytest.mark.parametrize("query", ["", "?event=", "?event=soon", "?event=2026-02-30", "?event=2026-06-20&clear=-3"])
def test_nonsense_is_answered_with_the_form(client, app, clock, query):
    make_package(sessions=4, slug="four")
    assert client.get(f"/packages/four/dates{query}").status_code == 200


def test_what_is_left_is_planned_from_the_last_session_on(as_client, clock):
    credit = open_clinic(client=as_client.person, sessions=3, gaps=[21, 21])
    book_at(credit, "2026-03-10")
    page = as_client.get(f"/account/visits/plan/{credit.code}?event=2026-06-20&clear=14").text
    assert "Saturday 16 May" in page
    assert "Saturday 6 June" in page
    assert "Saturday 25 April" not in page
    book_at(credit, "2026-04-01")
    book_at(credit, "2026-04-25")
    db.session.commit()
    assert "booked or done already" in as_client.get(f"/account/visits/plan/{credit.code}?event=2026-06-20").text
