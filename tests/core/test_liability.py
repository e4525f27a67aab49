"""What is owed in sessions opens, moves and closes by the ledger."""

from __future__ import annotations

from shop.core.ledger import (
    MOVES,
)
from shop.core.liability import COLUMNS, Liability, liability
from shop.core.units import units
from tests.core.books import Book, at, six_for_540


def test_a_month_of_six_for_540_opens_at_zero_and_closes_at_zero():
    book = six_for_540(when=at(6, 1))
    for day in (1, 8):
        book("book", when=at(6, day))
        book("redeem", when=at(6, day))
    book("reserve", 4, when=at(6, 10))
    book("refund", 4, when=at(6, 10))

    june = liability(book.moves, since=at(6, 1), until=at(7, 1))
    assert june == Liability(opening=0, sold=45000, redeemed=15000, refunded=30000)
    assert june.closing == 0


def test_sessions_brought_along_open_the_report():
    book = Book(units(36000, 6000, 4, charge="take-over:1"), cause="take-over:1", when=at(5, 1))
    report = liability(book.moves, since=at(6, 1), until=at(7, 1))
    assert report == Liability(opening=30000)
    assert report.closing == 30000


def test_what_happens_later_is_not_in_the_report():
    book = six_for_540(when=at(6, 1))
    book("book", when=at(7, 2))
    book("redeem", when=at(7, 2))
    assert liability(book.moves, since=at(6, 1), until=at(7, 1)).redeemed == 0
    assert liability(book.moves, since=at(8, 1), until=at(9, 1), of="gross_minor").opening == 45000


def test_every_move_of_sessions_that_changes_what_is_owed_has_a_column():
    inside = {"free", "held"}
    for kind, (source, target) in MOVES.items():
        assert (kind in COLUMNS) == ((source in inside) != (target in inside))
