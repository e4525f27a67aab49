from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.care.screening import decide, questions
from shop.care.screening_rules import STRICTEST_FIRST, load_rules

ON = date(2026, 6, 10)
FREE = {"yes_no": "no", "choice": "no", "date": "2020-01-01", "text": ""}
TREATMENTS = [
    "meso-rejuvenation",
    "meso-lines",
    "meso-hydration",
    "meso-scars",
    "meso-pigmentation",
    "meso-stretch-marks",
    "meso-cellulite",
    "meso-fat",
    "meso-hair",
]


def nothing_to_report(treatment="meso-hair", **answers):
    clear = {question.key: FREE[question.kind] for question in questions(treatment) if not question.shown_if}
    return clear | {"adult": "yes", "phototype": "2"} | answers


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_person_with_nothing_to_report_may_pay(treatment):
    decision = decide(treatment, nothing_to_report(treatment), ON)
    assert (decision.decision, decision.reasons, decision.missing) == ("ok", (), ())


def test_isotretinoin_stopped_on_1_may_waits_until_1_november():
    decision = decide(
        "meso-lines", nothing_to_report("meso-lines", isotretinoin="stopped", isotretinoin_stopped="2026-05-01"), ON
    )
    assert (decision.decision, decision.until) == ("wait", date(2026, 11, 1))
    assert "Sunday 1 November 2026" in decision.reasons[0]["sentence"]


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 10, 31), "wait"), (date(2026, 11, 1), "ok")])
def test_a_wait_is_over_on_the_named_day(on, expected):
    answers = nothing_to_report("meso-lines", isotretinoin="stopped", isotretinoin_stopped="2026-05-01")
    assert decide("meso-lines", answers, on).decision == expected


@pytest.mark.parametrize(
    ("stopped", "until"),
    [("2026-08-31", "2027-02-28"), ("2025-08-31", "2026-02-28"), ("2023-08-30", "2024-02-29"), ("2026-03", "2026-09-30")],
)
def test_months_land_on_the_last_day_of_a_short_month(stopped, until):
    on = date.fromisoformat(f"{stopped[:7]}-01").replace(day=28)
    on = on.replace(month=on.month + 1)
    assert decide("meso-hair", {"isotretinoin_stopped": stopped}, on).until == date.fromisoformat(until)


def test_pregnancy_is_a_kind_no_without_a_date():
    decision = decide("meso-hydration", nothing_to_report("meso-hydration", pregnant="yes"), ON)
    assert (decision.decision, decision.until) == ("no", None)
    assert "gladly" in decision.reasons[0]["sentence"]


@pytest.mark.parametrize(
    ("answers", "expected", "rule"),
    [
        ({"adult": "no"}, "no", "under-18"),
        ({"breastfeeding": "yes"}, "no", "breastfeeding"),
        ({"cancer": "now"}, "no", "cancer-in-treatment"),
        ({"cancer": "past", "cancer_ended": "2025-06-11"}, "letter", "cancer-12-months"),
        ({"cancer": "past", "cancer_ended": "2025-06-10"}, "ok", None),
        ({"immune_weak": "yes"}, "no", "immune-weak"),
        ({"transplant": "yes"}, "letter", "transplant"),
        ({"autoimmune": "lupus-scleroderma"}, "no", "lupus-scleroderma"),
        ({"autoimmune": "other"}, "letter", "autoimmune-other"),
        ({"thyroid": "yes"}, "letter", "thyroid"),
        ({"diabetes": "insulin"}, "no", "diabetes-insulin"),
        ({"diabetes": "tablets"}, "ok", None),
        ({"heart_kidney": "yes"}, "no", "heart-kidney-stroke"),
        ({"blood_pressure": "treated"}, "letter", "blood-pressure-treated"),
        ({"epilepsy": "yes"}, "letter", "epilepsy"),
        ({"bleeding": "yes"}, "no", "bleeding-disorder"),
        ({"blood_thinner": "yes"}, "no", "blood-thinner"),
        ({"keloid": "yes"}, "no", "keloid"),
        ({"isotretinoin": "now"}, "no", "isotretinoin-now"),
        ({"antibiotics": "now"}, "wait", "antibiotics-now"),
        ({"antibiotics": "finished", "antibiotics_finished": "2026-05-28"}, "wait", "antibiotics-2-weeks"),
        ({"antibiotics": "finished", "antibiotics_finished": "2026-05-27"}, "ok", None),
        ({"surgery": "yes", "surgery_on": "2026-04-01"}, "wait", "surgery-3-months"),
        ({"tattoo": "yes", "tattoo_on": "2026-04-01"}, "wait", "tattoo-3-months"),
        ({"laser": "yes", "laser_on": "2026-05-01"}, "wait", "laser-6-weeks"),
        ({"vaccine": "yes", "vaccine_on": "2026-06-08"}, "wait", "vaccine-1-week"),
        ({"sunburn": "yes"}, "wait", "sunburn"),
        ({"skin_trouble": "yes"}, "wait", "skin-trouble"),
        ({"allergy": "yes", "allergy_nickel": "yes"}, "no", "allergy-nickel"),
        ({"sudden_hair_loss": "yes"}, "letter", "doctor-first-sudden-hair-loss"),
        ({"patchy_hair_loss": "yes"}, "letter", "doctor-first-patchy-hair-loss"),
        ({"changing_mole": "yes"}, "letter", "doctor-first-mole"),
        ({"new_swelling": "yes"}, "letter", "doctor-first-swelling"),
        ({"appearance_thoughts": "yes"}, "letter", "body-image"),
    ],
)
def test_each_default_decides_as_written(answers, expected, rule):
    decision = decide("meso-hair", nothing_to_report() | answers, ON)
    assert decision.decision == expected
    assert [reason["rule"] for reason in decision.reasons][:1] == ([rule] if rule else [])


def test_dark_marks_on_darker_skin_are_looked_at_before_needling_scars():
    answers = nothing_to_report("meso-scars", dark_marks="yes", phototype="5")
    assert decide("meso-scars", answers, ON).decision == "letter"
    assert decide("meso-scars", answers | {"phototype": "2"}, ON).decision == "ok"


def test_a_doctor_comes_first_for_a_changing_mole():
    decision = decide("meso-hair", nothing_to_report(changing_mole="yes"), ON)
    assert decision.doctor_first
    assert decision.reasons[0]["sentence"].startswith("Please see a doctor first")


def test_the_strictest_rule_wins_and_all_reasons_are_told():
    decision = decide(
        "meso-hair", nothing_to_report(thyroid="yes", surgery="yes", surgery_on="2026-05-01", keloid="yes"), ON
    )
    assert [reason["decision"] for reason in decision.reasons] == ["no", "wait", "letter"]
    assert (decision.decision, decision.until) == ("no", None)


def test_of_several_waits_the_longest_counts():
    decision = decide(
        "meso-hair", nothing_to_report(surgery="yes", surgery_on="2026-05-01", vaccine="yes", vaccine_on="2026-06-09"), ON
    )
    assert decision.until == date(2026, 8, 1)


def test_an_open_question_never_hides_a_known_no():
    assert decide("meso-hair", {"keloid": "yes"}, ON).decision == "no"


def test_a_letter_keeps_the_questions_that_are_still_open():
    decision = decide("meso-hair", {"thyroid": "yes"}, ON)
    assert decision.decision == "letter"
    assert not decision.is_complete
    assert "keloid" in decision.missing


def test_nothing_answered_is_unanswered():
    assert decide("meso-hair", {}, ON).decision == "unanswered"


def test_a_follow_up_must_be_answered_once_it_is_shown():
    decision = decide("meso-hair", nothing_to_report(isotretinoin="stopped"), ON)
    assert (decision.decision, decision.missing) == ("unanswered", ("isotretinoin_stopped",))


def test_an_answer_to_a_hidden_question_does_not_count():
    answers = nothing_to_report(isotretinoin="no", isotretinoin_stopped="2026-05-01")
    assert decide("meso-hair", answers, ON).decision == "ok"


def test_a_date_alone_counts_while_its_question_is_open():
    assert decide("meso-hair", {"isotretinoin_stopped": "2026-05-01"}, ON).until == date(2026, 11, 1)


@pytest.mark.parametrize("raw", ["tomorrow", "2026-13-40", 20260501, [], {}, b"2026-05-01", "9999-99"])
def test_a_day_that_cannot_be_read_gets_a_sentence(raw):
    decision = decide("meso-hair", nothing_to_report(isotretinoin="stopped", isotretinoin_stopped=raw), ON)
    assert decision.decision == "unanswered"
    assert "year, month and day" in decision.problems["isotretinoin_stopped"]


def test_a_day_ahead_is_asked_again():
    decision = decide("meso-hair", nothing_to_report(vaccine="yes", vaccine_on="2026-06-11"), ON)
    assert decision.problems["vaccine_on"].startswith("This day lies ahead")


def test_an_unreadable_date_is_told_even_while_its_question_is_open():
    assert "isotretinoin_stopped" in decide("meso-hair", {"isotretinoin_stopped": "soon"}, ON).problems


@pytest.mark.parametrize("raw", [True, "yes", "YES ", "true", 1, "1", "on", "y"])
def test_yes_is_understood_however_a_form_sends_it(raw):
    assert decide("meso-hair", nothing_to_report(keloid=raw), ON).decision == "no"


CANARY = "zebra-canary-4711"


@pytest.mark.parametrize("key", [question.key for question in load_rules().questions])
def test_what_a_person_writes_is_never_repeated(key):
    decision = decide("meso-hair", nothing_to_report(allergy="yes") | {key: CANARY}, ON)
    assert CANARY not in repr(decision)


def test_words_of_the_person_decide_nothing():
    answers = nothing_to_report(medicines="warfarin", anything_else="I am pregnant")
    assert decide("meso-hair", answers, ON).decision == "ok"


def test_each_question_says_why_it_is_asked():
    assert all(question.why and question.text for question in load_rules().questions)


def test_questions_differ_by_treatment():
    hair, face = ({question.key for question in questions(slug)} for slug in ("meso-hair", "meso-lines"))
    assert "sudden_hair_loss" in hair - face
    assert "cold_sore" in face - hair


raw_answers = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(),
    st.lists(st.integers(), max_size=3),
    st.sampled_from(["yes", "no", "now", "past", "stopped"]),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
answer_sheets = st.dictionaries(
    st.sampled_from([question.key for question in load_rules().questions] + ["unknown"]), raw_answers
)


@given(
    answers=st.one_of(answer_sheets, raw_answers),
    on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    treatment=st.sampled_from([*TREATMENTS, "unheard-of", ""]),
)
def test_no_answer_breaks_the_decision(answers, on, treatment):
    decision = decide(treatment, answers, on)
    assert decision.decision in STRICTEST_FIRST
    assert set(decision.problems) == set(decision.missing)
    assert all(decision.problems.values())
    assert (decision.until is not None) == (decision.decision == "wait")
    assert decide(treatment, answers, on) == decision


@given(answers=answer_sheets, key=st.sampled_from(["keloid", "pregnant", "thyroid", "sunburn"]))
def test_one_more_yes_never_makes_a_decision_kinder(answers, key):
    on = date(2026, 6, 10)
    before = decide("meso-hair", answers | {key: "no"}, on)
    after = decide("meso-hair", answers | {key: "yes"}, on)
    assert STRICTEST_FIRST.index(after.decision) <= STRICTEST_FIRST.index(before.decision)


def test_a_moment_is_read_as_its_day():
    answers = {"isotretinoin_stopped": datetime(2026, 5, 1, 23, 0)}
    assert decide("meso-hair", answers, ON).until == date(2026, 11, 1)
