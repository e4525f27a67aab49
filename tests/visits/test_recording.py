"""Treatment records are sealed, saved as typed, never overwritten unseen, and begin as last time without the lots."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import history_of
from shop.visits.attending import treat
from shop.visits.cancelling import cancel
from shop.visits.recording import as_last_time, find_record, last_record, save
from tests.visits.clinic import at, book_at, open_clinic

CANARY = "canary-violet-lantern"
CONTENT = {
    "areas": ["forehead"],
    "device": "needles 4 mm",
    "depth_mm": "1.5",
    "solutions": [{"name": "HA light", "ingredients": "Sodium hyaluronate", "lot": "L-77"}],
    "reaction": "mild",
    "reaction_words": CANARY,
    "notes": CANARY,
}


def test_a_record_is_unreadable_in_the_database_and_readable_here(app, clock):
    visit = book_at(open_clinic(), "2026-03-02", 14)
    save(visit, CONTENT, revision=0, by="user:1")
    db.session.commit()
    raw = str(db.session.execute(text("select * from treatment_record")).all())
    assert CANARY not in raw
    assert "L-77" not in raw
    assert find_record(visit).content["notes"] == CANARY


def test_two_tablets_do_not_overwrite_each_other_unseen(app, clock):
    visit = book_at(open_clinic(), "2026-03-02", 14)
    assert save(visit, CONTENT, revision=0, by="user:1").revision == 1
    with pytest.raises(Conflict):
        save(visit, {"notes": "other"}, revision=0, by="user:2")
    assert save(visit, {"notes": "more"}, revision=1, by="user:2").revision == 2


def test_after_it_is_finished_each_change_is_on_file(app, clock):
    visit = book_at(open_clinic(), "2026-03-02", 14)
    save(visit, CONTENT, revision=0, by="user:1", finished=True)
    save(visit, {"notes": "late"}, revision=1, by="user:2")
    rows = history_of(f"record:{visit.number}")
    assert [(row.axis, row.now, row.by) for row in rows] == [("state", "finished", "user:1"), ("content", "2", "user:2")]
    assert CANARY not in str([row.note for row in rows])


def test_nothing_is_written_about_a_visit_that_is_off(app, clock):
    visit = book_at(open_clinic(), "2026-03-10")
    cancel(visit, by="client:1")
    with pytest.raises(Refused):
        save(visit, CONTENT, revision=0, by="user:1")


def test_same_as_last_time_brings_all_but_lots_reaction_and_notes(app, clock):
    credit = open_clinic()
    first = book_at(credit, "2026-03-02", 14)
    save(first, CONTENT, revision=0, by="user:1")
    clock.move_to(at("2026-03-02", 15))
    treat(first, by="user:1")
    db.session.commit()
    last = last_record(book_at(credit, "2026-03-10"))
    assert last.reaction == f"As expected, calm: {CANARY}"
    begun = as_last_time(last)
    assert (begun["areas"], begun["device"], begun["depth_mm"]) == (["forehead"], "needles 4 mm", "1.5")
    assert begun["solutions"] == [{"name": "HA light", "ingredients": "Sodium hyaluronate", "lot": "", "last_lot": "L-77"}]
    assert (begun["reaction"], begun["notes"]) == ("", "")
