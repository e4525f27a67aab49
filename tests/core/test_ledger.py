from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from shop.core.errors import Conflict, Refused
from shop.core.ledger import (
    BUCKETS,
    MOVES,
    PERIOD_MOVES,
    REFUSED_WHILE_FROZEN,
    Balance,
    Move,
    balance,
    check,
    earliest_first,
    expiry,
    frozen_since,
    next_move,
    picked,
    places,
)
from shop.core.liability import COLUMNS, Liability, liability
from shop.core.money import vat_inside
from shop.core.units import Part, by_charge, exchange, pack, units, unpack, upgrade, worth


def at(month, day, year=2026):
    return datetime(year, month, day, 12, tzinfo=UTC)


class Book:
    """One credit written move by move, as the shop writes it, without a database."""

    def __init__(self, shares, *, cause="order-line:1", expires_on=None, when=None):
        self.units = tuple(shares)
        paid = worth(shares)
        self.moves = [
            Move(
                kind="grant",
                sessions=len(self.units),
                cause=cause,
                by="client",
                at=when,
                gross_minor=paid.gross_minor,
                vat_minor=paid.vat_minor,
                expires_on=expires_on,
            )
        ]

    def __call__(self, kind, sessions=1, *, when=None):
        cause = f"{kind}:{len(self.moves)}"
        move = next_move(self.moves, self.units, kind, sessions=sessions, cause=cause, by="desk", at=when)
        self.moves.append(move)
        return move

    def period(self, kind, when, expires_on=None):
        cause = f"{kind}:{len(self.moves)}"
        self.moves.append(Move(kind=kind, sessions=0, cause=cause, by="desk", at=when, expires_on=expires_on))

    def lying(self, *where):
        return [unit for unit, place in zip(self.units, places(self.moves), strict=True) if place in where]


def six_for_540(**options):
    return Book(units(54000, 9000, 6, charge="order-line:1"), **options)


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


def test_an_upgrade_from_three_to_six_costs_the_difference_and_re_splits_what_is_left():
    three = units(29700, 4950, 3, charge="order-line:1")
    done = upgrade(three[1:], three[:1], to_sessions=6, to_price_minor=54000, vat_percent=20, charge="order-line:2")

    assert done.pay_minor == 24300
    assert done.back == ()
    assert [(unit.gross_minor, unit.net_minor) for unit in done.units] == [(8820, 7350)] * 5
    assert worth(done.units) == Part("", 44100, 7350)


@pytest.mark.parametrize(
    ("sessions", "parts"),
    [
        (1, [Part("order-line:2", 8820, 1470)]),
        (3, [Part("order-line:2", 24300, 4050), Part("order-line:1", 2160, 360)]),
        (5, [Part("order-line:2", 24300, 4050), Part("order-line:1", 19800, 3300)]),
    ],
)
def test_a_refund_after_an_upgrade_pays_the_newest_charge_first_and_each_within_itself(sessions, parts):
    three = units(29700, 4950, 3, charge="order-line:1")
    done = upgrade(three[1:], three[:1], to_sessions=6, to_price_minor=54000, vat_percent=20, charge="order-line:2")
    assert by_charge(done.units[-sessions:]) == parts


def test_an_upgrade_to_fewer_sessions_than_were_used_is_refused():
    three = units(29700, 4950, 3, charge="order-line:1")
    with pytest.raises(Refused):
        upgrade([], three, to_sessions=3, to_price_minor=54000, vat_percent=20, charge="order-line:2")


def test_a_swap_to_a_cheaper_treatment_gives_the_difference_back_newest_charge_first():
    left = (*units(10000, 1667, 1, charge="old"), *units(5000, 833, 1, charge="new"))
    done = exchange(left, sessions=2, worth_minor=8000, vat_percent=20, charge="swap")

    assert done.pay_minor == 0
    assert done.back == (Part("new", 5000, 833), Part("old", 2000, 333))
    assert worth(done.units) == Part("", 8000, 1334)


def test_a_session_given_away_is_worth_nothing_and_can_still_be_exchanged():
    gift = units(0, 0, 2, charge="goodwill:1")
    assert worth(gift) == Part("", 0, 0)
    done = exchange(gift, sessions=2, worth_minor=0, vat_percent=20, charge="swap")
    assert [unit.net_minor for unit in done.units] == [0, 0]
    assert done.units[0].parts == ()


def test_shares_survive_storage():
    shares = units(10000, 1667, 3, charge="order-line:1")
    assert unpack(pack(shares)) == shares
    assert shares[0].parts[0].net_minor == 3334 - 556


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
