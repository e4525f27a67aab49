"""Any sequence of moves, upgrades and refunds keeps sums exact, never negative, and ends at nothing."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from shop.core.errors import Conflict
from shop.core.ledger import (
    PERIOD_MOVES,
    balance,
    check,
    frozen_since,
)
from shop.core.liability import liability
from shop.core.money import vat_inside
from shop.core.units import Part, by_charge, exchange, units, worth
from tests.core.books import Book, at

PRICES = st.integers(0, 120_000)
RATES = st.sampled_from([0, 5, 20, "5.5"])


class AnyLife(RuleBasedStateMachine):
    """Any sequence of purchases, visits, gifts, upgrades and refunds keeps every penny in sight."""

    books = Bundle("books")

    def __init__(self):
        super().__init__()
        self.all = []
        self.paid = {}
        self.refunded = {}

    def charge(self, gross, vat):
        name = f"charge:{len(self.paid)}"
        self.paid[name] = (gross, vat)
        return name

    def pay_back(self, parts):
        for part in parts:
            gross, vat = self.refunded.get(part.charge, (0, 0))
            self.refunded[part.charge] = (gross + part.gross_minor, vat + part.vat_minor)

    def keep(self, shares):
        self.all.append(Book(shares, cause=f"grant:{len(self.all)}", when=at(6, 1)))
        return self.all[-1]

    def try_move(self, book, kind, sessions):
        before = list(book.moves)
        try:
            return book(kind, sessions, when=at(6, 2))
        except Conflict:
            assert book.moves == before
            return None

    @rule(target=books, gross=PRICES, rate=RATES, count=st.integers(1, 8))
    def buy(self, gross, rate, count):
        vat = vat_inside(gross, rate)
        return self.keep(units(gross, vat, count, charge=self.charge(gross, vat)))

    @rule(book=books, kind=st.sampled_from(["book", "release", "redeem", "no_show", "reverse"]), n=st.integers(1, 3))
    def visit(self, book, kind, n):
        self.try_move(book, kind, n)

    @rule(book=books, undo=st.booleans())
    def treat(self, book, undo):
        if self.try_move(book, "book", 1) and self.try_move(book, "redeem", 1) and undo:
            book("reverse", when=at(6, 2))

    @rule(book=books, kind=st.sampled_from(["reserve", "unreserve", "expire", "revive"]), n=st.integers(1, 4))
    def leave(self, book, kind, n):
        self.try_move(book, kind, n)

    @rule(book=books, n=st.integers(1, 4))
    def refund(self, book, n):
        leaving = book.lying("reserved")[-n:]
        if self.try_move(book, "refund", n):
            self.pay_back(by_charge(leaving))

    @rule(target=books, book=books, n=st.integers(1, 4), kind=st.sampled_from(["gift", "transfer"]))
    def give(self, book, n, kind):
        given = book.lying("free")[-n:]
        return self.keep(given) if self.try_move(book, kind, n) else book

    @rule(target=books, book=books, sessions=st.integers(1, 9), worth_minor=PRICES, rate=RATES)
    def change(self, book, sessions, worth_minor, rate):
        left = book.lying("free")
        if not self.try_move(book, "swap", len(left)):
            return book
        name = self.charge(0, 0)
        done = exchange(left, sessions=sessions, worth_minor=worth_minor, vat_percent=rate, charge=name)
        self.paid[name] = (done.pay_minor, vat_inside(done.pay_minor, rate))
        self.pay_back(done.back)
        assert worth(done.units).gross_minor == worth_minor
        assert len(done.units) == sessions
        return self.keep(done.units)

    @rule(book=books)
    def freeze(self, book):
        book.period("unfreeze" if frozen_since(book.moves) else "freeze", at(6, 3))

    @invariant()
    def every_ledger_holds(self):
        for book in self.all:
            now = balance(book.moves)
            assert min(now.free, now.held, now.used, now.reserved, now.left) >= 0
            without_period = [move for move in book.moves if move.kind not in PERIOD_MOVES]
            assert check(without_period) == check(book.moves) == []

    @invariant()
    def every_penny_is_somewhere(self):
        here = Part("", 0, 0)
        for book in self.all:
            lying = worth(book.lying("free", "held", "reserved", "used", "gone by expire"))
            here = Part("", here.gross_minor + lying.gross_minor, here.vat_minor + lying.vat_minor)
        for axis, amount in enumerate((here.gross_minor, here.vat_minor)):
            assert amount == sum(p[axis] for p in self.paid.values()) - sum(r[axis] for r in self.refunded.values())

    @invariant()
    def no_charge_pays_back_more_than_it_took(self):
        for name, (gross, vat) in self.refunded.items():
            assert 0 <= gross <= self.paid[name][0]
            assert 0 <= vat <= self.paid[name][1]

    @invariant()
    def the_report_closes_at_what_is_left(self):
        for book in self.all:
            report = liability(book.moves, since=at(6, 2), until=at(7, 1))
            assert report.closing == worth(book.lying("free", "held", "reserved")).net_minor

    @precondition(lambda self: self.all)
    @rule()
    def take_everything_back(self):
        """Whatever happened, all that is left can become money again, and then nothing is owed."""
        for book in self.all:
            if frozen_since(book.moves):
                book.period("unfreeze", at(6, 4))
            if used := balance(book.moves).used:
                book("reverse", used, when=at(6, 5))
            if booked := balance(book.moves).booked:
                book("release", booked, when=at(6, 5))
            if free := balance(book.moves).free:
                book("reserve", free, when=at(6, 5))
            self.refund(book, balance(book.moves).reserved)
            assert worth(book.lying("free", "held", "reserved", "used")) == Part("", 0, 0)


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_any_sequence_of_moves_keeps_sums_exact = AnyLife.TestCase
