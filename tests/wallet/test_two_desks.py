"""Two processes redeem the last session at the same moment, 200 times: one wins each time, the other reads who and when."""

from __future__ import annotations

import re
from multiprocessing import get_context

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.wallet import moving
from shop.wallet.checking import differences
from shop.wallet.models import Credit
from tests.support.factories import make_client, make_user
from tests.wallet.credits import a_credit
from tests.wallet.desk_process import redeem_all

TIMES = 200


@pytest.mark.slow
def test_of_two_processes_one_redeems_the_last_session_each_of_200_times(app, config):
    client, desks = (
        make_client(user=None),
        [make_user(name="Ada Desk", role="desk"), make_user(name="Bea Desk", role="desk")],
    )
    ids = [a_credit(client, sessions=1, price_minor=9000).id for _ in range(TIMES)]
    for credit_id in ids:
        moving.book(credit_id, cause=f"visit:{credit_id}", by="client")
    names = {desk.id: desk.name for desk in desks}
    db.session.commit()
    said = both(config, ids, list(names))
    winners = []
    for n, credit_id in enumerate(ids):
        won = [desk for desk in names if not said[desk][n]]
        assert len(won) == 1, f"credit {credit_id}: {won}"
        [loser] = set(names) - set(won)
        assert re.search(rf"taken at \d\d:\d\d on \d+ \w+ by {names[won[0]]}\.", said[loser][n]), said[loser][n]
        winners += won
    db.session.expire_all()
    assert {(c.free, c.held, c.used) for c in db.session.scalars(select(Credit))} == {(0, 0, 1)}
    assert differences() == []


def both(config, ids, desks):
    context = get_context("spawn")
    gate, answers = context.Barrier(len(desks)), context.Queue()
    running = [context.Process(target=redeem_all, args=(config, ids, desk, gate, answers)) for desk in desks]
    for process in running:
        process.start()
    found = dict(answers.get(timeout=300) for _ in running)
    for process in running:
        process.join(30)
    return found
