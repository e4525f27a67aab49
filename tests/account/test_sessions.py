"""What is left of what was paid for."""

from tests.account.things import in_days, make_series
from tests.support.factories import make_client


def test_an_empty_page_says_what_will_stand_here(as_client):
    assert "No sessions yet" in as_client.get("/account/credits").text


def test_open_series_come_before_those_that_are_over(clock, as_client):
    make_series(as_client.person, name="Ended series", expires_on=in_days(-3))
    make_series(as_client.person, name="Open series")
    text = as_client.get("/account/credits").text
    assert text.index("Open series") < text.index("Done or ended") < text.index("Ended series")
    assert "Their time ended on Friday 27 February 2026." in text


def test_the_last_day_still_counts(clock, as_client):
    make_series(as_client.person, name="Last day", expires_on=in_days(0))
    assert "Done or ended" not in as_client.get("/account/credits").text


def test_clients_read_no_word_of_bookkeeping(as_client):
    make_series(as_client.person, addons=1)
    text = as_client.get("/account/credits").text.lower()
    words = text[text.index("<main") : text.index("</main")]
    for word in ("redeem", "variant", ">credit", "inci "):
        assert word not in words


def test_another_persons_sessions_are_not_there(as_client):
    make_series(make_client(), name="Somebody else's")
    assert "Somebody" not in as_client.get("/account/credits").text
