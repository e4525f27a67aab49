import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.terms.tenders import Tender, give_back


def test_360_of_a_desk_sale_go_back_as_cash_and_by_terminal():
    assert give_back(36000, [Tender("cash", 20000), Tender("terminal", 34000)]) == [("cash", 13333), ("terminal", 22667)]


def test_an_exhausted_tender_gives_nothing():
    assert give_back(100, [Tender("gift card", 5000, 5000), Tender("card", 100)]) == [("card", 100)]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (0, "A refund is more than nothing."),
        (-5, "A refund is more than nothing."),
        (54001, "At most £540.00 can be paid back."),
    ],
)
def test_nothing_and_too_much_are_refused(amount, sentence):
    with pytest.raises(Refused) as refusal:
        give_back(amount, [Tender("cash", 20000), Tender("terminal", 34000)])
    assert refusal.value.sentence == sentence


@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=5), st.data())
def test_any_sequence_of_refunds_ends_with_every_tender_at_zero(paid, data):
    tenders = [Tender(str(number), amount) for number, amount in enumerate(paid)]
    while left := sum(tender.left_minor for tender in tenders):
        amount = data.draw(st.integers(-(-left // 3), left))
        back = dict(give_back(amount, tenders))
        assert sum(back.values()) == amount
        tenders = [Tender(one.key, one.paid_minor, one.repaid_minor + back.get(one.key, 0)) for one in tenders]
        assert all(tender.left_minor >= 0 for tender in tenders)
    assert [tender.repaid_minor for tender in tenders] == paid
