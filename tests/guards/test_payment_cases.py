"""Each nasty case of paying has its tests, and each of them that needs a database runs on both.

| case | what happens |
|---|---|
| 1 | the same event twice, then many times in parallel |
| 2 | the message before the return page, after it, at the same instant in two processes |
| 3 | the message before our commit of the session id |
| 4 | completed unpaid, then async success; async failure; success delivered before completed |
| 5 | expired after paid; failure of attempt 1 after attempt 2 was paid |
| 6 | the client pays while we expire |
| 7 | two tabs, two clicks: one open page; a double payment goes back once |
| 8 | amount off by one; another order's reference; a cheap paid page on a dear order's return address |
| 9 | the currency differs |
| 10 | zero-decimal and three-decimal currencies exact or refused |
| 11 | a total of zero |
| 12 | bag, price or stock changed after the page opened |
| 13 | fulfilment raises half way |
| 14 | an old time stamp |
| 15 | secrets changed: old, new, both; an empty list refuses to start |
| 16 | invalid UTF-8, non-ASCII signature, signed non-JSON, list, 10 MB, no header |
| 17 | livemode, api_version, thin event, unknown type, unknown order |
| 18 | the database locked at insert |
| 19 | a timeout at create although the page was made |
| 20 | 500 replayed by idempotency; 409; 429 |
| 21 | killed after the intent, after Stripe's answer, after the commit before the e-mail; at every step |
| 22 | an idempotency mismatch surfaces as a bug |
| 23 | a wrong or under-permitted key |
| 24 | a refund clicked twice, two staff at once, to the last penny |
| 25 | more than paid, zero, negative, other currency, comma amount |
| 26 | refund.created before our call returned; repeated events |
| 27 | a timeout at refund |
| 28 | pending, succeeded, failed |
| 29 | a refund of the dashboard without metadata; full refund with used sessions; odd splits |
| 30 | dispute opened, then refund; won and lost out of order; booking while frozen |
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

import pytest

from tests.support.sources import ROOT

SETTLING, RESUMING, RACING = "checkout/test_settling", "checkout/test_resuming", "checkout/test_racing"
DOOR, GATEWAY, SIGNED = "checkout/test_webhook", "payments/test_gateway", "payments/test_signatures"
REFUNDING, DISPUTING, STOPS = "orders/test_refunding", "orders/test_disputing", "checkout/test_stop_points"
LATE = "checkout/test_settling_late"
ODD = "checkout/test_settling_odd"
FAILING = "checkout/test_resuming_failing"
GATEWAY_FAILING = "payments/test_gateway_failing"
MESSAGES = "orders/test_refund_messages"
OUTSIDE = "orders/test_refunds_outside"
CASES = {
    1: {
        SETTLING: ("the_same_event_ten_times_places_one_order",),
        RACING: ("sixteen_deliveries_at_once_have_one_effect", "sixteen_settle_one_order_and_fifteen_say_again"),
        DOOR: ("a_second_delivery_is_the_first",),
    },
    2: {
        SETTLING: (
            "the_message_may_come_before_the_client_comes_back",
            "the_message_may_come_after_the_client_came_back",
            "coming_back_twice_shows_the_same_order",
        ),
        RACING: ("the_way_back_the_message_and_the_sweep_at_once_place_one_order",),
        "checkout/test_two_processes": ("the_way_back_and_the_message_in_two_processes_place_one_order",),
    },
    3: {SETTLING: ("a_message_that_overtakes_our_own_commit_finds_its_attempt",)},
    4: {
        SETTLING: (
            "a_slow_bank_is_waited_for_and_then_the_order_is_placed",
            "a_slow_bank_that_refuses_lets_the_order_lapse",
            "success_that_arrives_before_completed_places_the_order_once",
        )
    },
    5: {
        LATE: (
            "an_expired_message_after_the_payment_is_only_written_down",
            "the_first_try_ends_after_the_second_was_paid",
        )
    },
    6: {
        LATE: (
            "paid_while_we_close_the_page_is_placed",
            "paid_after_the_page_was_given_up_is_honoured_while_stock_lasts",
            "paid_after_the_page_was_given_up_goes_back_when_it_is_sold_out",
        ),
        RACING: ("paying_while_the_sweep_gives_up_ends_paid_and_placed_or_neither",),
    },
    7: {
        RESUMING: (
            "two_clicks_lead_to_one_page",
            "a_changed_bag_gets_a_new_page_and_the_old_one_is_closed",
        ),
        RACING: (
            "eight_clicks_in_eight_windows_open_one_page",
            "eight_different_clicks_at_once_leave_at_most_one_page_open",
        ),
        LATE: ("a_second_payment_of_one_order_goes_back_once",),
    },
    8: {
        ODD: (
            "one_penny_less_grants_nothing_and_asks_for_a_person",
            "another_order_s_reference_grants_nothing",
            "a_cheap_paid_page_on_a_dear_order_s_way_back_pays_the_cheap_one_alone",
        )
    },
    9: {ODD: ("another_currency_grants_nothing",)},
    10: {
        "checkout/test_currencies": ("what_is_charged_is_what_was_shown",),
        GATEWAY: (
            "yen_are_charged_whole",
            "dinars_are_charged_when_their_last_figure_is_zero",
            "a_currency_that_stripe_counts_otherwise_is_refused",
        ),
    },
    11: {"checkout/test_currencies": ("an_order_that_costs_nothing_never_meets_stripe",)},
    12: {
        RESUMING: (
            "a_price_that_rose_after_the_page_opened_does_not_change_what_is_paid",
            "a_changed_bag_gets_a_new_page_and_the_old_one_is_closed",
            "stock_that_is_counted_away_after_the_page_opened_stays_promised",
            "a_product_that_left_the_shop_after_the_page_opened_is_still_delivered",
        )
    },
    13: {
        SETTLING: ("a_failure_half_way_undoes_everything_and_is_tried_again",),
        "checkout/test_failing": ("settle_places_the_whole_order_or_nothing_of_it", "prepare_writes_everything_or_nothing"),
    },
    14: {DOOR: ("an_old_signature_is_refused_and_so_is_one_from_the_future",)},
    15: {
        DOOR: ("while_secrets_are_changed_both_are_right", "a_shop_without_a_secret_does_not_start"),
        SIGNED: ("an_old_secret_is_worth_nothing_once_it_is_gone", "a_door_without_a_good_secret_is_not_built"),
    },
    16: {
        DOOR: ("what_is_not_signed_is_refused", "even_signed_nonsense_is_refused", "ten_megabytes_are_not_read"),
        SIGNED: ("no_header_breaks_the_door", "no_body_breaks_the_door"),
    },
    17: {
        DOOR: ("another_version_is_kept_as_the_truth_is_read_anyway", "an_unknown_type_is_kept_and_closed"),
        SIGNED: ("an_event_of_the_other_mode_is_turned_away", "a_signed_event_of_another_shape_is_turned_away"),
        ODD: (
            "money_that_nobody_here_knows_waits_and_raises_an_alarm",
            "a_live_payment_in_a_test_shop_grants_nothing",
        ),
    },
    18: {
        DOOR: (
            "what_cannot_be_kept_is_answered_so_that_stripe_sends_it_again",
            "a_locked_database_is_waited_for_and_then_said",
        )
    },
    19: {
        FAILING: (
            "a_lost_answer_is_asked_for_again_under_the_same_key",
            "a_client_nobody_sees_again_frees_the_stock",
        ),
        GATEWAY_FAILING: ("after_a_lost_answer_the_same_key_finds_the_one_session",),
    },
    20: {
        FAILING: (
            "an_error_that_stripe_replays_for_ever_is_left_behind",
            "another_try_after_a_short_outage_goes_on",
        ),
        GATEWAY_FAILING: (
            "stripe_repeats_its_own_error_under_the_same_key",
            "a_limit_on_calls_is_not_answered_with_more_calls",
        ),
    },
    21: {
        STOPS: (
            "killed_on_the_way_to_the_payment_page",
            "killed_on_the_way_back",
            "killed_while_a_message_is_heard",
            "killed_while_the_sweep_gives_an_order_up",
        ),
        "checkout/test_killed": (
            "killed_in_checkout_and_nobody_comes_back",
            "killed_in_checkout_and_the_buyer_tries_again",
            "killed_on_the_way_back_from_paying",
            "killed_while_stripe_s_message_is_taken_in",
            "killed_while_the_worker_settles_and_sends",
        ),
    },
    22: {FAILING: ("other_words_under_a_known_key_are_a_bug_and_look_like_one",)},
    23: {
        FAILING: (
            "a_wrong_key_is_said_kindly_and_told_to_a_person_once",
            "a_key_without_the_right_to_open_pages_is_told_to_a_person_and_the_next_try_goes_on",
            "a_wrong_key_on_the_way_back_is_waiting_not_an_error",
        ),
        GATEWAY_FAILING: ("a_key_that_cannot_work_is_refused_when_the_gateway_is_made",),
    },
    24: {
        REFUNDING: (
            "the_same_click_twice_is_one_refund",
            "two_of_the_staff_at_once_pay_back_no_more_than_there_is",
            "it_can_be_paid_back_to_the_last_penny_and_not_one_further",
        )
    },
    25: {
        REFUNDING: (
            "nothing_less_than_nothing_and_too_much_are_refused",
            "an_amount_that_can_mean_two_things_is_not_guessed",
        ),
    },
    26: {
        MESSAGES: (
            "the_message_may_come_before_our_own_answer",
            "repeated_messages_about_a_refund_change_nothing",
        ),
    },
    27: {MESSAGES: ("a_lost_answer_never_sends_the_money_twice",)},
    28: {
        MESSAGES: (
            "pending_then_arrived_then_sent_back_by_the_bank",
            "messages_in_the_wrong_order_end_where_stripe_is",
        )
    },
    29: {
        OUTSIDE: ("a_refund_made_in_stripe_s_dashboard_is_written_down_as_external",),
        "admin/test_refunding_a_payment": ("with_used_and_booked_sessions_all_of_it_goes_back_over_both_means_of_payment",),
        "terms/test_cancellation": ("odd_pennies_lie_with_the_sessions_used_first",),
    },
    30: {
        DISPUTING: (
            "nothing_is_refunded_while_the_bank_decides",
            "messages_in_any_order_end_where_the_bank_is",
            "sessions_pause_while_the_bank_decides",
        )
    },
}
# What one database alone can be asked: the other has no lock on the whole file.
ONE_DATABASE = {"a_locked_database_is_waited_for_and_then_said"}


def test_every_case_of_the_list_is_in_the_table_and_has_a_test():
    listed = [int(number) for number in re.findall(r"^\| (\d+) \|", __doc__ or "", re.MULTILINE)]
    assert listed == list(range(1, 31)) == sorted(CASES)
    assert all(CASES.values())


@pytest.mark.parametrize("case", CASES)
def test_the_tests_of_a_case_exist_and_run_on_both_databases(case):
    for file, names in CASES[case].items():
        there = cases_of(file)
        assert there, f"{file} holds no test"
        for name in names:
            assert name in there, f"{file}: no test {name}"
            if name not in ONE_DATABASE:
                assert not there[name] & {"sqlite", "postgresql", "skip", "xfail"}, f"{name} does not run everywhere"


@lru_cache
def cases_of(file: str) -> dict[str, set[str]]:
    """The tests of a file by name, each with its marks and those of the whole file."""
    tree = ast.parse((ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8"))
    of_file = {
        mark
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "pytestmark"
        for mark in marks_in(node.value)
    }
    return {
        node.name.removeprefix("test_"): of_file | {mark for one in node.decorator_list for mark in marks_in(one)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def marks_in(node: ast.AST) -> set[str]:
    """ "slow" of `pytest.mark.slow`, wherever it stands."""
    found = (one for one in ast.walk(node) if isinstance(one, ast.Attribute))
    return {one.attr for one in found if isinstance(one.value, ast.Attribute) and one.value.attr == "mark"}
