"""The harness that kills: it visits each moment of an act once, and what was committed before the moment stands."""

import pytest
from sqlalchemy import func, select

from shop.catalog.models import Brand
from shop.core.db import db
from tests.support.dying import die_at, every_death
from tests.support.factories import make_brand


def two_commits():
    make_brand()
    db.session.commit()
    make_brand()
    db.session.commit()


def brands():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Brand))


def test_killed_before_each_step_only_what_was_committed_is_there(app, database):
    deaths = every_death(two_commits, app=app, prepare=lambda: database.refresh(app))
    seen = [(death.died, brands()) for death in deaths]
    # INSERT, COMMIT, INSERT, COMMIT, and the run that lives
    assert seen == [(True, 0), (True, 0), (True, 1), (True, 1), (False, 2)]


def test_an_act_that_fails_by_itself_is_not_taken_for_a_death(app, capfd):
    def broken():
        raise ValueError("on purpose")

    with pytest.raises(AssertionError, match="failed in the child"):
        die_at(1, broken, app=app)
    assert "on purpose" in capfd.readouterr().err
