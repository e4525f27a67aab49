"""Clients are warned before their sessions run out, and what nobody used expires on the clinic's own day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.core import clock as now
from shop.core.db import db
from shop.core.errors import Conflict
from shop.wallet import daily, moving, periods, warning
from shop.wallet.checking import differences
from shop.working import sweep_all
from tests.support.factories import make_client
from tests.wallet.credits import a_credit, counters


def warned(mailbox, person):
    return [mail for mail in mailbox.to(person.email) if "please book by" in mail.subject]


def test_warnings_come_60_30_and_7_days_before_and_each_once(app, clock, mailbox):
    person = make_client()
    a_credit(person, days=365)
    for days_left, so_far in ((61, 0), (60, 1), (59, 1), (30, 2), (29, 2), (8, 2), (7, 3), (6, 3), (0, 3)):
        clock.move_to("2026-03-02T09:00:00Z")
        clock.shift(timedelta(days=365 - days_left))
        for _ in range(2):
            sweep_all()
        assert len(warned(mailbox, person)) == so_far, days_left


def test_a_warning_names_no_treatment(app, clock, mailbox):
    person = make_client(name="Ada")
    a_credit(person, name="Mesotherapy for scars", days=60, bought_on=now.today() - timedelta(days=30))
    warning.warn_due()
    [mail] = warned(mailbox, person)
    assert "scars" not in mail.subject + mail.text + mail.html
    assert "6 appointments you paid for can be used until Wednesday 1 April 2026, in 30 days" in mail.text
    assert "/account/credits/" in mail.links[0]


def test_a_worker_that_stood_still_for_days_sends_the_warning_late_and_no_other(app, clock, mailbox):
    person = make_client()
    a_credit(person, days=365)
    clock.shift(timedelta(days=365 - 27))
    sweep_all()
    assert len(warned(mailbox, person)) == 1


def test_nobody_is_warned_on_the_day_of_the_purchase(app, clock, mailbox):
    person = make_client()
    a_credit(person, days=30)
    sweep_all()
    assert not warned(mailbox, person)


def test_a_pause_silences_and_a_later_end_is_warned_of_anew(app, clock, mailbox):
    person = make_client()
    credit = a_credit(person, days=100)
    clock.shift(timedelta(days=40))
    sweep_all()
    periods.freeze(credit.id, cause="pause:1", by="client:1", reason="asked for")
    db.session.commit()
    clock.shift(timedelta(days=30))
    sweep_all()
    assert len(warned(mailbox, person)) == 1
    periods.unfreeze(credit.id, cause="pause:1:end", by="client:1")
    db.session.commit()
    clock.shift(timedelta(days=1))  # the day's work is done once
    sweep_all()
    assert len(warned(mailbox, person)) == 2


def test_the_sweep_expires_what_nobody_used_once_a_day(app, clock):
    credits = [a_credit(days=10), a_credit(days=30)]
    clock.shift(timedelta(days=11))
    for _ in range(3):
        sweep_all()
    assert [counters(credit)[0] for credit in credits] == [0, 6]
    assert differences() == []


def test_a_day_s_work_goes_on_in_batches_until_nothing_is_left(app, clock, monkeypatch):
    monkeypatch.setattr(periods, "BATCH", 2)
    credits = [a_credit(days=10) for _ in range(5)]
    clock.shift(timedelta(days=11))
    sweep_all()
    assert [counters(credit)[0] for credit in credits] == [0] * 5


def test_the_day_is_the_clinic_s_own_day(app, clock):
    clock.move_to("2026-07-01T23:30:00Z")  # half past midnight of the second in London
    credit = a_credit(days=0)
    assert str(credit.bought_on) == "2026-07-02"
    daily.promise_today()
    db.session.commit()
    sweep_all()
    assert counters(credit)[0] == 6


def test_a_booked_session_outlives_the_last_day(app, clock):
    credit = a_credit(days=10)
    moving.book(credit.id, cause="visit:1", by="client")
    db.session.commit()
    clock.shift(timedelta(days=11))
    sweep_all()
    assert counters(credit) == (0, 1, 0, 0)


def test_what_expired_comes_back_for_a_while_by_the_clinic_s_kindness(app, clock):
    credit = a_credit(days=10)
    clock.shift(timedelta(days=11))
    sweep_all()
    ends = periods.revive(credit.id, sessions=2, days=30, cause="kind:1", by="user:9", reason="was in hospital")
    db.session.commit()
    assert counters(credit) == (2, 0, 0, 0)
    assert ends == now.today() + timedelta(days=30)
    assert differences() == []
    clock.shift(timedelta(days=31))
    sweep_all()
    assert counters(credit) == (0, 0, 0, 0)
    assert differences() == []


def test_the_same_pause_end_and_extension_said_twice_happen_once(app, clock):
    credit = a_credit(days=100)
    for _ in range(2):
        periods.extend(credit.id, days=30, cause="later:1", by="client:1", reason="asked for")
        periods.freeze(credit.id, cause="pause:1", by="client:1", reason="asked for")
    db.session.commit()
    clock.shift(timedelta(days=5))
    ends = [periods.unfreeze(credit.id, cause="pause:1:end", by="client:1") for _ in range(2)]
    db.session.commit()
    assert ends == [now.today() + timedelta(days=130)] * 2
    with pytest.raises(Conflict):
        periods.unfreeze(credit.id, cause="pause:1:other", by="client:1")
    db.session.rollback()
    assert differences() == []
