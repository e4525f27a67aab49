"""The rules are data with a version, a source and a day on which somebody looks at them again."""

from __future__ import annotations

from datetime import date

import pytest

from shop.care.calendar import Session, judge
from shop.care.classes import CLASSES
from shop.care.parsing import read_label
from shop.care.tables import read_rows
from shop.care.windows import rulebook, starter_rules

RULES = starter_rules()


@pytest.mark.parametrize(
    ("of_class", "before", "after"),
    [
        ("retinoid", 5, 7),
        ("aha", 3, 7),
        ("bha", 3, 7),
        ("benzoyl-peroxide", 3, 7),
        ("pha", 1, 3),
        ("ascorbic-acid", 1, 3),
        ("scrub", 2, 7),
        ("fragrance", 0, 3),
        ("fragrance-allergen", 0, 3),
        ("essential-oil", 0, 3),
        ("drying-alcohol", 0, 3),
        ("minoxidil", 0, 2),
    ],
)
def test_a_class_rests_as_long_as_the_starter_rules_say(of_class, before, after):
    rules = [rule for rule in RULES.windows if rule.of_class == of_class and not rule.addon and rule.kind == "pause"]
    assert {(rule.before_days, rule.after_days) for rule in rules} == {(before, after)}


def test_every_rule_has_a_source_an_author_and_a_day_of_review():
    for rule in (*RULES.windows, *RULES.pregnancy):
        assert rule.source
        assert rule.author
        assert rule.review_on > rule.since
        assert rule.of_class in CLASSES


def test_a_peel_never_shortens_a_rest():
    for wider in [rule for rule in RULES.windows if rule.addon]:
        plain = next(rule for rule in RULES.windows if rule.of_class == wider.of_class and not rule.addon)
        assert (wider.before_days, wider.after_days) >= (plain.before_days, plain.after_days)


def newer(rows):
    rows = list(rows)
    changed = next(row for row in rows if row["id"] == "retinoid") | {
        "version": "2",
        "before_days": "2",
        "since": "2026-08-01",
    }
    return [*rows, changed]


def verdict_under(book):
    return judge(read_label("AQUA, RETINOL"), sessions=[Session("meso-hair", date(2026, 6, 10))], rules=book)


def test_a_clinics_newer_rule_counts_and_an_old_decision_replays_identically():
    rows = newer(read_rows("windows"))
    now = verdict_under(rulebook(rows, read_rows("pregnancy")))
    assert (now.pause_from, now.rules[0].version) == (date(2026, 6, 8), 2)
    replayed = verdict_under(rulebook(rows, read_rows("pregnancy"), versions={"retinoid": 1}))
    assert (replayed.pause_from, replayed.rules[0].version) == (date(2026, 6, 5), 1)


def test_a_rule_counts_from_the_day_it_begins():
    rows = newer(read_rows("windows"))
    assert verdict_under(rulebook(rows, read_rows("pregnancy"), on=date(2026, 7, 31))).pause_from == date(2026, 6, 5)
    assert verdict_under(rulebook(rows, read_rows("pregnancy"), on=date(2026, 8, 1))).pause_from == date(2026, 6, 8)


def test_a_rule_for_one_treatment_leaves_the_others_alone():
    rows = [row | {"treatments": "meso-hair"} if row["id"] == "minoxidil" else row for row in read_rows("windows")]
    book = rulebook(rows, read_rows("pregnancy"))
    label = read_label("AQUA, MINOXIDIL")
    assert judge(label, sessions=[Session("meso-hair", date(2026, 6, 10))], rules=book).back_on == date(2026, 6, 12)
    assert judge(label, sessions=[Session("meso-lines", date(2026, 6, 10))], rules=book).verdict == "use"


def test_rules_come_up_for_review_on_their_day():
    day = min(rule.review_on for rule in (*RULES.windows, *RULES.pregnancy))
    assert RULES.due_for_review(on=day)
    assert RULES.due_for_review(on=date(2026, 1, 1)) == []
