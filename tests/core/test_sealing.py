"""The audit trail is sealed in batches, and one changed row is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.history import HistoryRow, record
from shop.core.sealing import HistorySeal, seal
from shop.working import sweep_all
from tests.support.racing import together


def write(*notes):
    for note in notes:
        record("order:AG-1", axis="note", was=None, now="said", by="user:7", note=note, details={"b": 1, "a": [2, "é"]})
    db.session.commit()


def seal_later(clock):
    clock.shift(timedelta(minutes=11))
    done = seal()
    db.session.commit()
    return done


@pytest.fixture
def unguarded(app):
    """Somebody at the database itself, past the triggers."""

    def change(statement):
        db.session.commit()
        with db.engines[None].begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("set session_replication_role = replica"))
            else:
                for (name,) in connection.execute(
                    text("select name from sqlite_master where type = 'trigger' and tbl_name like 'history%'")
                ).all():
                    connection.execute(text(f"drop trigger {name}"))
            connection.execute(statement)
            if connection.dialect.name == "postgresql":
                connection.execute(text("set session_replication_role = origin"))
        db.session.expire_all()

    return change


def test_rows_are_sealed_once_they_have_settled(app, clock):
    write("one", "two")
    assert seal() == 0
    assert seal_later(clock) == 2
    assert seal() == 0
    write("three")
    assert seal_later(clock) == 1
    seals = db.session.scalars(select(HistorySeal).order_by(HistorySeal.id)).all()
    assert [one.rows for one in seals] == [2, 1]
    assert len({one.digest for one in seals}) == 2
    assert all_differences() == []


@pytest.mark.parametrize("change", ["edit", "take out", "slip in"])
def test_a_row_changed_behind_the_shop_s_back_is_found(app, clock, unguarded, change):
    facts = {"at": moment(), "subject": "order:AG-1", "axis": "note", "by": "user:8"}
    write("one", "two")
    second = db.session.scalar(select(func.max(HistoryRow.id)))
    db.session.execute(insert(HistoryRow).values(id=second + 1000, **facts))  # numbers of undone acts stay free
    db.session.commit()
    seal_later(clock)
    assert all_differences() == []
    if change == "edit":
        unguarded(update(HistoryRow).where(HistoryRow.id == second).values(note="something else"))
    elif change == "take out":
        unguarded(delete(HistoryRow).where(HistoryRow.id == second))
    else:
        unguarded(insert(HistoryRow).values(id=second + 1, **facts))
    found = [sentence for sentence in all_differences() if sentence.startswith("audit trail")]
    assert len(found) == 1
    assert "are not what was sealed" in found[0]


def test_a_seal_that_is_taken_out_is_missed_by_the_next(app, clock, unguarded):
    for note in ("one", "two", "three"):
        write(note)
        seal_later(clock)
    middle = db.session.scalars(select(HistorySeal.id).order_by(HistorySeal.id)).all()[1]
    unguarded(delete(HistorySeal).where(HistorySeal.id == middle))
    assert len(all_differences()) == 1


def test_the_sweep_seals_and_four_workers_seal_once(app, clock):
    write("one")
    clock.shift(timedelta(minutes=11))
    together(app, [seal] * 4)
    assert db.session.scalar(select(func.count(HistorySeal.id))) == 1
    write("two")
    clock.shift(timedelta(minutes=11))
    assert sweep_all()["sealed"] == 1


def moment():
    return shop_clock.now()
