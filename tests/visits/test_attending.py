"""At the desk: arrived, treated with or without add-ons, missed, taken back; "not suitable" is one act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.settings import change_setting
from shop.visits.attending import arrive, extras_of, no_show, treat
from shop.visits.cancelling import cancel
from shop.visits.declining import EVENT, not_suitable
from shop.visits.models import Visit
from shop.visits.proposing import propose
from shop.visits.releasing import hear_withdrawn
from shop.visits.undoing import undo
from shop.wallet.checking import differences
from shop.wallet.models import Credit
from tests.visits.clinic import at, book_at, open_clinic


def counters(credit: Credit) -> tuple[int, int, int]:
    db.session.expire_all()
    return credit.free, credit.held, credit.used


def addon(credit: Credit) -> Credit:
    return db.session.scalars(select(Credit).where(Credit.parent_id == credit.id)).one()


def test_a_treatment_uses_the_session_and_the_add_on_unless_it_is_unticked(app, clock):
    credit = open_clinic(addons=["led"], gaps=[7] * 5)
    first = book_at(credit, "2026-03-02", 14)
    arrive(first, by="user:1")
    treat(first, by="user:1", extras=[extra.id for extra in extras_of(first)])
    assert counters(credit) == (5, 0, 1)
    assert counters(addon(credit)) == (5, 0, 1)
    second = book_at(credit, "2026-03-10")
    clock.move_to(at("2026-03-10"))
    treat(second, by="user:1", extras=[])
    assert counters(credit) == (4, 0, 2)
    assert counters(addon(credit)) == (5, 0, 1)
    assert differences() == []


def test_nobody_is_treated_before_the_day_or_missing_before_the_hour(app, clock):
    visit = book_at(open_clinic(), "2026-03-10")
    for act in (arrive, treat, no_show):
        with pytest.raises(Refused):
            act(visit, by="user:1")


@pytest.mark.parametrize("act", ["arrive", "treat", "no_show", "cancel"])
def test_each_act_is_taken_back_and_can_be_done_again(app, clock, act):
    credit = open_clinic(addons=["led"])
    visit = book_at(credit, "2026-03-02", 14)
    clock.move_to(at("2026-03-02", 14, 30))
    acts = {
        "arrive": lambda: arrive(visit, by="user:1"),
        "treat": lambda: treat(visit, by="user:1", extras=[addon(credit).id]),
        "no_show": lambda: no_show(visit, by="user:1"),
        "cancel": lambda: cancel(visit, by="user:1", waived=True),
    }
    for _ in range(3):
        acts[act]()
        db.session.commit()
        undo(visit, by="user:1")
        db.session.commit()
        assert visit.state == "booked"
        assert counters(credit) == (5, 1, 0)
        assert counters(addon(credit)) == (6, 0, 0)
    acts[act]()
    db.session.commit()
    assert differences() == []


def test_after_its_time_nothing_is_taken_back(app, clock):
    visit = book_at(open_clinic(), "2026-03-02", 14)
    treat(visit, by="user:1")
    clock.shift(timedelta(minutes=61))
    with pytest.raises(Refused, match="over"):
        undo(visit, by="user:1")


def test_a_done_visit_is_not_done_again(app, clock):
    visit = book_at(open_clinic(), "2026-03-02", 14)
    treat(visit, by="user:1")
    with pytest.raises(Conflict, match="marked as done"):
        treat(visit, by="user:2")


def test_a_missed_visit_gives_the_session_back_when_the_clinic_says_so(app, clock):
    change_setting("visits.no_show", "free", by="test")
    credit = open_clinic()
    visit = book_at(credit, "2026-03-02", 14)
    clock.move_to(at("2026-03-02", 15))
    no_show(visit, by="user:1")
    assert counters(credit) == (6, 0, 0)


def test_after_a_treatment_the_next_one_is_proposed_with_the_same_person_at_the_same_time(app, clock):
    credit = open_clinic(practitioners=2, rooms=2, gaps=[7] * 5)
    visit = book_at(credit, "2026-03-02", 14)
    treat(visit, by="user:1")
    db.session.commit()
    slot = propose(visit)
    assert (slot.starts_at, slot.practitioner_id) == (at("2026-03-09", 14), visit.practitioner_id)


def test_not_suitable_is_one_act_all_visits_off_everything_back_a_kind_letter(app, clock, mailbox, monkeypatch):
    heard = []
    listens = [lambda **facts: heard.append(facts) or "refunded"]
    monkeypatch.setitem(app.extensions["handlers"].now, EVENT, listens)
    credit = open_clinic(order_number="AG-1", express_at=None)
    first = book_at(credit, "2026-03-02", 14, asked_early=True)
    second = book_at(credit, "2026-03-20")
    not_suitable(first, by="user:1")
    db.session.commit()
    assert counters(credit) == (6, 0, 0)
    assert (first.state, first.kind, first.session) == ("done", "consultation", "free")
    assert second.state == "cancelled"
    expected = {"order_number": "AG-1", "credit_id": credit.id, "visit_number": first.number, "by": "user:1"}
    assert heard == [expected]
    letter = next(mail for mail in mailbox if "After your appointment" in mail.subject)
    assert "goes back to you in full" in letter.text


def test_when_nobody_pays_back_by_itself_a_person_is_asked(app, clock, monkeypatch):
    monkeypatch.setitem(app.extensions["handlers"].now, EVENT, [])
    credit = open_clinic(order_number="AG-1")
    not_suitable(book_at(credit, "2026-03-02", 14, asked_early=True), by="user:1")
    entry = db.session.scalars(select(AttentionEntry)).one()
    assert (entry.kind, entry.subject, entry.urgent) == ("refund", "order:AG-1", True)


def test_once_a_session_was_used_cancelling_has_its_own_terms(app, clock):
    credit = open_clinic(gaps=[7] * 5)
    treat(book_at(credit, "2026-03-02", 14), by="user:1")
    later = book_at(credit, "2026-03-10")
    with pytest.raises(Refused):
        not_suitable(later, by="user:1")


def test_a_withdrawn_order_frees_its_booked_visits_first(app, clock, mailbox):
    credit = open_clinic(order_number="AG-1")
    visit = book_at(credit, "2026-03-03", asked_early=True)
    assert hear_withdrawn(order_number="AG-1", by="client:1") == 1
    assert hear_withdrawn(order_number="AG-1", by="client:1") == 0
    db.session.commit()
    assert visit.state == "cancelled"
    assert counters(credit) == (6, 0, 0)
    assert "It goes with the sessions you cancelled." in mailbox.last().text
    assert db.session.scalars(select(Visit)).one().session == "free"
