"""Sessions move between buckets; a balance is what the moves add up to, and nothing is taken twice."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from shop.core.errors import Conflict
from shop.core.ledger import (
    BUCKETS,
    MOVES,
    REFUSED_WHILE_FROZEN,
    Balance,
    Move,
    balance,
    check,
    earliest_first,
    expiry,
    frozen_since,
    picked,
)
from shop.core.liability import Liability, liability
from shop.core.units import units
from tests.core.books import Book, at, six_for_540


def test_every_move_goes_from_one_bucket_to_another():
    for source, target in MOVES.values():
        assert source in BUCKETS
        assert target in BUCKETS
        assert source != target


def test_a_credit_is_booked_redeemed_and_its_balance_is_the_sum():
    book = six_for_540()
    book("book")
    book("redeem")
    book("book")

    assert balance(book.moves) == Balance(free=4, held=1, used=1)
    assert balance(book.moves).left == 5
    assert check(book.moves) == []


def test_each_session_is_worth_ninety_of_which_fifteen_is_vat():
    moved = six_for_540()("book")
    assert (moved.gross_minor, moved.vat_minor, moved.net_minor) == (9000, 1500, 7500)


def test_odd_pennies_stay_with_the_earliest_sessions():
    book = Book(units(10000, 1667, 3, charge="order-line:1"))
    book("book")
    assert book("redeem").gross_minor == 3334
    assert book("reserve", 2).gross_minor == 6666


def test_the_last_session_cannot_be_taken_twice():
    book = Book(units(9000, 1500, 1, charge="order-line:1"))
    book("book")
    with pytest.raises(Conflict) as conflict:
        book("book")
    assert conflict.value.sentence == "No session is free."


@pytest.mark.parametrize("kind", sorted(set(MOVES) - {"grant", "receive"}))
def test_no_move_finds_sessions_in_an_empty_credit(kind):
    with pytest.raises(Conflict):
        picked([], kind)


def test_zero_sessions_are_no_move():
    with pytest.raises(Conflict):
        six_for_540()("book", 0)


def test_a_reservation_for_a_refund_cannot_be_redeemed_and_counts_as_held():
    book = six_for_540()
    book("reserve", 6)

    assert balance(book.moves) == Balance(free=0, held=6, used=0, reserved=6)
    assert balance(book.moves).left == 0
    assert balance(book.moves).booked == 0
    with pytest.raises(Conflict):
        book("redeem")


def test_a_refund_takes_the_last_sessions_and_leaves_the_booked_one():
    book = Book(units(10000, 1667, 3, charge="order-line:1"))
    book("book")
    book("reserve", 2)
    assert book("refund", 2).gross_minor == 6666
    assert book("release").gross_minor == 3334


def test_an_undone_treatment_stands_as_booked_again():
    book = six_for_540()
    book("book")
    book("no_show")
    book("reverse")
    assert balance(book.moves) == Balance(free=5, held=1, used=0)


def test_what_expired_or_bounced_can_come_back_but_a_gift_cannot():
    book = six_for_540()
    book("gift", 2)
    book("expire", 3)
    book("reserve")
    book("refund")
    book("unrefund")
    book("revive", 3)

    assert balance(book.moves) == Balance(free=4)
    with pytest.raises(Conflict) as conflict:
        book("revive")
    assert conflict.value.sentence == "There are not that many sessions to give back."


def test_a_frozen_credit_keeps_its_sessions_and_its_way_back_to_money():
    book = six_for_540(expires_on=date(2026, 12, 1))
    book.period("freeze", at(7, 1))

    assert frozen_since(book.moves) == at(7, 1)
    assert balance(book.moves) == Balance(free=6)
    with pytest.raises(Conflict):
        book("book")
    book("reserve", 6)
    book.period("unfreeze", at(3, 1, 2027), date(2027, 8, 1))
    assert frozen_since(book.moves) is None
    assert expiry(book.moves) == date(2027, 8, 1)
    assert check(book.moves) == []


@pytest.mark.parametrize("kind", sorted(REFUSED_WHILE_FROZEN))
def test_nothing_is_begun_with_frozen_sessions(kind):
    book = six_for_540()
    book("book")
    book.period("freeze", at(7, 1))
    with pytest.raises(Conflict) as conflict:
        book(kind)
    assert conflict.value.sentence == "These sessions are frozen. End the pause first."


@pytest.mark.parametrize("kind", ["release", "reserve", "no_show"])
def test_what_gives_sessions_back_or_tells_of_the_past_is_possible_while_frozen(kind):
    book = six_for_540()
    book("book")
    book.period("freeze", at(7, 1))
    assert book(kind).sessions == 1


def test_frozen_sessions_do_not_run_out_or_change_hands():
    assert {"book", "redeem", "transfer", "gift", "upgrade", "swap", "expire"} == REFUSED_WHILE_FROZEN


def test_a_session_given_back_to_the_client_is_owed_again():
    book = six_for_540(when=at(6, 1))
    for kind in ("book", "redeem", "reverse"):
        book(kind, when=at(6, 2))
    assert liability(book.moves, since=at(6, 1), until=at(7, 1)) == Liability(sold=45000, redeemed=0)


def test_a_credit_without_a_date_never_expires():
    assert expiry(six_for_540().moves) is None


def test_the_credit_that_expires_first_is_used_first():
    def lot(name, expires_on, free=1, frozen=False):
        return SimpleNamespace(name=name, expires_on=expires_on, free=free, is_frozen=frozen)

    lots = [
        lot("endless", None),
        lot("late", date(2027, 1, 1)),
        lot("soon", date(2026, 7, 1)),
        lot("empty", date(2026, 6, 20), free=0),
        lot("frozen", date(2026, 6, 20), frozen=True),
        lot("over", date(2026, 6, 9)),
        lot("today", date(2026, 6, 10)),
    ]
    assert [lot.name for lot in earliest_first(lots, on=date(2026, 6, 10))] == ["today", "soon", "late", "endless"]


BROKEN = [
    ({"kind": "steal"}, "'steal' is not a move"),
    ({"sessions": 0}, "must move at least one session"),
    ({"cause": ""}, "needs a cause and an actor"),
    ({"by": ""}, "needs a cause and an actor"),
    ({"gross_minor": -1}, "is not a worth"),
    ({"vat_minor": 9001}, "is not a worth"),
    ({"kind": "redeem"}, "No booked session"),
    ({"kind": "freeze"}, "neither sessions nor money"),
    ({"cause": "order-line:1"}, "stands 2 times"),
    ({"gross_minor": 60000}, "cannot be worth"),
    ({"sessions": 6}, "cannot be worth"),
]


@pytest.mark.parametrize(("wrong", "sentence"), BROKEN)
def test_a_broken_line_is_named(wrong, sentence):
    line = {"kind": "book", "sessions": 1, "cause": "b:1", "by": "desk", "gross_minor": 9000, "vat_minor": 1500}
    problems = check([*six_for_540().moves, Move(**{**line, **wrong})])
    assert any(sentence in problem for problem in problems), problems
