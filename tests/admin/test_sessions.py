"""The desk moves a client's sessions: each act is looked at first, says why, and leaves the ledger to the penny."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.checking import all_differences
from shop.core.db import db
from tests.admin.series_at_hand import look, moves_of, new_one, path_of, press
from tests.orders.buying import use
from tests.support.factories import make_client
from tests.support.forms import forms


def test_the_file_leads_to_each_series_with_every_move_and_who_made_it(six, as_admin):
    use(six)
    file = as_admin.get(f"/admin/clients/{six.client_id}").text
    assert path_of(six) in file
    page = as_admin.get(path_of(six)).text
    assert "£450.00" in page
    for words in ("bought or given", "booked", "used"):
        assert words in page


def test_nothing_is_done_before_its_preview_was_seen(six, as_admin):
    shown = look(as_admin, path_of(six, "extend"), days="30")
    assert "Tuesday 2 March 2027" in shown.text
    assert "Thursday 1 April 2027" in shown.text
    assert [move.kind for move in moves_of(six)] == ["grant"]
    assert press(as_admin, path_of(six, "extend"), days="30").status_code == 303
    assert moves_of(six)[-1].reason == "asked by telephone"
    assert (six.expires_on.isoformat(), six.extensions) == ("2027-04-01", 1)


def test_a_preview_of_other_words_is_shown_again(six, as_admin):
    shown = look(as_admin, path_of(six, "extend"), days="30")
    [form] = [form for form in forms(shown.text, here=path_of(six, "extend")) if "seen" in form.names]
    again = as_admin.post(path_of(six, "extend"), data=form.fields | {"days": "90"})
    assert again.status_code == 409
    assert moves_of(six)[-1].kind == "grant"


def test_an_extension_that_we_caused_does_not_count(six, as_role):
    assert press(as_role("desk"), path_of(six, "extend"), days="30", is_ours="y").status_code == 303
    db.session.expire_all()
    assert six.extensions == 0


def test_a_reason_is_needed_and_what_was_typed_stays(six, as_admin):
    answer = as_admin.post(path_of(six, "extend"), data={"days": "17", "cause": "c" * 20})
    assert answer.status_code == 422
    assert 'value="17"' in answer.text


def test_a_pause_moves_the_last_day_by_as_many_days(six, as_admin, as_role, clock):
    assert press(as_admin, path_of(six, "pause")).status_code == 303
    clock.shift(timedelta(days=10))
    db.session.expire_all()
    owner = as_role("owner")
    shown = look(owner, path_of(six, "resume"))
    assert "10 days: the last day moves from Tuesday 2 March 2027 to Friday 12 March 2027" in shown.text
    assert press(owner, path_of(six, "resume")).status_code == 303
    db.session.expire_all()
    assert (six.frozen_on, six.expires_on.isoformat()) == (None, "2027-03-12")


def test_what_is_not_possible_now_leads_back(six, as_admin):
    answer = as_admin.get(path_of(six, "resume"))
    assert (answer.status_code, answer.location) == (303, path_of(six))


def test_two_sessions_move_to_another_file_with_their_worth(six, as_role):
    friend, desk = make_client(name="Bea Friend", user=None), as_role("desk")
    path = path_of(six, "give")
    assert "file" in look(desk, path, to=friend.email, sessions="2", kind="gift").text
    assert press(desk, path, to=str(friend.id), sessions="2", kind="gift").status_code == 303
    given = new_one(six)
    assert (given.client_id, given.free, given.order_number) == (friend.id, 2, six.order_number)
    db.session.expire_all()
    assert six.free == 4
    assert all_differences() == []


def test_somebody_without_a_file_is_written_to_and_accepts(six, as_admin, mailbox):
    typed = {"to": "new@example.com", "name": "Nora New", "sessions": "1", "kind": "gift"}
    assert press(as_admin, path_of(six, "give"), **typed).status_code == 303
    [letter] = mailbox.to("new@example.com")
    assert "/sessions/accept?key=" in letter.text
    db.session.expire_all()
    assert six.free == 6


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"to": "nobody@example.com", "sessions": "1"}, "Type a name"),
        ({"to": "x", "sessions": "7", "name": "N"}, "At most 6"),
        ({"to": "twice@example.com", "sessions": "1"}, "Several files"),
    ],
)
def test_a_recipient_that_cannot_be_is_refused(six, as_admin, typed, says):
    for _ in range(2):
        make_client(email="twice@example.com", user=None)
    db.session.commit()
    answer = look(as_admin, path_of(six, "give"), kind="gift", **typed)
    assert answer.status_code == 422
    assert says in answer.text


def test_another_client_s_sessions_are_not_in_this_file(six, as_admin):
    other = make_client(user=None)
    db.session.commit()
    assert as_admin.get(f"/admin/clients/{other.id}/sessions/{six.code}").status_code == 404
