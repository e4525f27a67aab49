from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.terms.explaining import explain_refund, read_basket

HAIR = {
    "jurisdiction": "uk",
    "price_minor": 54000,
    "vat_percent": 20,
    "sessions": 6,
    "used": 2,
    "bought": date(2026, 6, 1),
    "cancelled": date(2026, 6, 11),
}
BOX = [
    {"kind": "sessions", "what": "Hair, 6 sessions", "list_minor": 11000, "count": 6, "used": 2},
    {"kind": "goods", "what": "SPF 50", "list_minor": 3000, "count": 1, "state": "sealed"},
    {"kind": "goods", "what": "Serum", "list_minor": 6000, "count": 1, "state": "sealed"},
]


def explain(**options):
    return explain_refund(**{**HAIR, **options})


def box(**options):
    return explain(price_minor=60000, express_request=True, basket=BOX, **options)


def test_the_answer_has_the_agreed_shape():
    assert explain(express_request=True) == {
        "refund_minor": 36000,
        "vat_minor": 6000,
        "kept_minor": 18000,
        "lines": [{"what": "Sessions: 4 of 6 not used", "minor": 36000, "why": "£540.00 × 4/6 = £360.00."}],
        "rule": "uk-reg-36-4-pro-rata",
        "version": "uk-2014-06-13",
    }


def test_without_the_express_request_everything_comes_back():
    assert explain()["refund_minor"] == 54000
    assert explain(express_request=True, notice_missing=True)["refund_minor"] == 54000


def test_a_box_pays_back_424_sealed_and_352_opened():
    assert box()["refund_minor"] == 42400
    opened = [BOX[0], *({**entry, "state": "opened"} for entry in BOX[1:])]
    assert explain(price_minor=60000, express_request=True, basket=opened)["refund_minor"] == 35200


def test_quebec_pays_back_650_after_one_of_eight_and_800_before():
    course = {"jurisdiction": "quebec", "price_minor": 80000, "vat_percent": 0, "sessions": 8}
    assert explain(**course, used=1)["refund_minor"] == 65000
    assert explain(**course, used=0)["refund_minor"] == 80000
    assert explain(**course, used=1)["lines"][1]["why"].startswith("The lower of CA$50.00")


def test_a_single_price_chooses_list_price_terms_after_the_window():
    late = [explain(used=k, cancelled=date(2026, 9, 1), single_minor=11000)["refund_minor"] for k in range(7)]
    assert late == [54000, 43000, 32000, 21000, 10000, 0, 0]


def test_an_european_weekend_lengthens_the_window_by_the_holidays_of_the_country():
    asked = {"jurisdiction": "eu", "bought": date(2026, 6, 30), "used": 1}
    assert explain(**asked, cancelled=date(2026, 7, 15), country="fr")["refund_minor"] == 54000
    assert explain(**asked, cancelled=date(2026, 7, 15), country="DE")["refund_minor"] == 45000
    assert "€540.00" in explain(**asked, cancelled=date(2026, 7, 15), country="DE")["lines"][0]["why"]


def test_delivery_keeps_its_own_price_beside_a_box():
    basket = [*BOX, {"kind": "delivery", "what": "Delivery", "list_minor": 395}]
    items = read_basket(basket, price_minor=60395, vat_percent=20)
    assert [item.paid_minor for item in items] == [52800, 2400, 4800, 395]
    assert explain(price_minor=60395, express_request=True, basket=basket)["refund_minor"] == 42795


def test_where_delivery_costs_more_than_all_it_is_shared_too():
    basket = [BOX[1], {"kind": "delivery", "list_minor": 9000}]
    assert [item.paid_minor for item in read_basket(basket, price_minor=4000, vat_percent=20)] == [1000, 3000]
    assert read_basket(basket[1:], price_minor=9500, vat_percent=20)[0].paid_minor == 9500


def test_goods_tell_when_they_came():
    late = [BOX[0], {**BOX[1], "delivered": "2026-06-09"}]
    assert explain(basket=late, cancelled=date(2026, 6, 23), express_request=True)["rule"] == "uk-reg-36-4-pro-rata"
    assert explain(basket=late, cancelled=date(2026, 6, 24), express_request=True)["rule"] == "clinic-pro-rata"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"used": 7}, "Sessions: 7 of 6 sessions cannot be used."),
        ({"sessions": 0}, "Sessions: count must be a whole number, 1 or more."),
        ({"price_minor": -1}, "A price cannot be below zero."),
        ({"single_minor": -1}, "A price cannot be below zero."),
        ({"cancelled": date(2026, 5, 31)}, "An order cannot be cancelled before it was placed."),
        ({"jurisdiction": "mars"}, "'mars' is none of the jurisdictions uk, eu, quebec, clinic."),
        ({"basket": []}, "The basket is empty."),
        ({"basket": [{"kind": "cake"}]}, "Cake: the kind is one of sessions, goods, delivery."),
        (
            {"basket": [{**BOX[1], "state": "lost"}]},
            "SPF 50: the state is one of here, sealed, opened, in transit, returned.",
        ),
        ({"basket": [{**BOX[1], "list_minor": "30.00"}]}, "SPF 50: list_minor must be a whole number, 0 or more."),
        ({"basket": [{**BOX[1], "count": True}]}, "SPF 50: count must be a whole number, 1 or more."),
        ({"basket": [{**BOX[1], "delivered": "soon"}]}, "'soon' is not a date; write it as 2026-06-10."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(Refused) as refusal:
        explain(**wrong)
    assert refusal.value.sentence == sentence


entries = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["sessions", "goods", "delivery"]),
        "what": st.just("thing"),
        "list_minor": st.integers(0, 20_000),
        "count": st.integers(1, 6),
        "used": st.just(0),
        "state": st.sampled_from(["sealed", "opened", "in transit"]),
    }
)


@given(st.lists(entries, min_size=1, max_size=5), st.integers(0, 100_000), st.sampled_from(["0", "20", "25.5"]))
def test_a_basket_is_shared_to_the_penny_and_the_lines_add_up_to_the_refund(basket, price, percent):
    assert sum(item.paid_minor for item in read_basket(basket, price_minor=price, vat_percent=percent)) == price
    answer = explain(basket=basket, price_minor=price, vat_percent=percent)
    assert sum(line["minor"] for line in answer["lines"]) == answer["refund_minor"]
    assert answer["refund_minor"] + answer["kept_minor"] == price
    assert 0 <= answer["vat_minor"] <= answer["refund_minor"]
