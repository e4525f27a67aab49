"""What a settled order, or one for which nothing was granted, looks like."""

from shop.core.db import db
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    facts,
    the_order,
)


def assert_placed_once(units=2):
    assert the_order().state == "placed"
    assert [attempt.state for attempt in attempts()] == ["paid"]
    assert [event.kind for event in facts()] == ["captured"]
    assert counters() == (5, units, 0)
    assert_clean()


def params_of(order):
    from shop.payments.attempts import intent_of, newest_of

    params = intent_of(newest_of(order.number)).params
    db.session.rollback()
    return params
