import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.care.rule_files import FOLDER, due_for_review, read_rules, versions
from shop.care.screening import decide
from shop.care.screening_rules import load_rules, read_rulebook
from shop.core.errors import NotFound, Refused

# A published file never changes, because decisions were made by it. To change a rule, copy the file
# to the next number and add its fingerprint here.
PUBLISHED = {
    "questions_1.toml": 3563825311,
    "screening_1.toml": 613497579,
    "aftercare_1.toml": 1442946660,
    "aftercare_days_1.toml": 2849832130,
    "aftercare_signs_1.toml": 1638011040,
    "matching_1.toml": 929296009,
    "claims_1.toml": 279009408,
}

ANSWERS = {"laser": "yes", "laser_on": "2026-05-01"}
ON = date(2026, 6, 5)


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("rules")
    first = (FOLDER / "screening_1.toml").read_text(encoding="utf-8")
    (tmp_path / "screening_1.toml").write_text(first, encoding="utf-8")
    second = first.replace('version = "1"', 'version = "2"', 1).replace("weeks = 6", "weeks = 4")
    (tmp_path / "screening_2.toml").write_text(second, encoding="utf-8")
    return tmp_path


def test_the_newest_version_decides_by_default(two_versions):
    rules = load_rules(folder=two_versions)
    assert rules.version == "2"
    assert decide("meso-hair", ANSWERS, ON, rules=rules).decision == "unanswered"


def test_an_old_decision_replays_from_its_stored_version(two_versions):
    then = decide("meso-hair", ANSWERS, ON, rules=load_rules("1", folder=two_versions))
    again = decide("meso-hair", ANSWERS, ON, rules=load_rules(then.rules_version, folder=two_versions))
    assert then == again
    assert (again.decision, again.until) == ("wait", date(2026, 6, 12))


sheets = st.dictionaries(
    st.sampled_from([question.key for question in load_rules().questions]),
    st.one_of(
        st.sampled_from(["yes", "no", "now", "past", "stopped"]), st.dates(date(2025, 1, 1), date(2026, 6, 5)).map(str)
    ),
)


@given(answers=sheets, on=st.dates(date(2026, 1, 1), date(2027, 1, 1)), version=st.sampled_from(["1", "2"]))
def test_any_decision_replays_identically_from_the_version_it_stored(two_versions, answers, on, version):
    """Whatever was published since: the book is read anew from its file, and the other version is loaded in between."""
    then = decide("meso-hair", answers, on, rules=load_rules(version, folder=two_versions))
    decide("meso-hair", answers, on, rules=load_rules(folder=two_versions))
    stored = then.rules_version
    assert stored == version
    again = decide("meso-hair", dict(reversed(answers.items())), on, rules=load_rules(stored, folder=two_versions))
    assert again == then


@pytest.mark.parametrize("version", ["99", "../1", "none", ""])
def test_a_version_that_was_never_published_is_not_found(version, two_versions):
    if version:
        with pytest.raises(NotFound):
            load_rules(version, folder=two_versions)
    else:
        assert versions("screening", folder=two_versions) == ["1", "2"]


def test_a_published_version_is_never_edited():
    found = {
        path.name: zlib.crc32(path.read_bytes())
        for name in ("questions", "screening", "aftercare", "aftercare_days", "aftercare_signs", "matching", "claims")
        for path in FOLDER.glob(f"{name}_[0-9]*.toml")
    }
    assert found == PUBLISHED


def book_with(**changes):
    book = dict(read_rules("screening"))
    return {**book, "rule": [book["rule"][0] | changes]}


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "maybe"},
        {"decision": "wait"},
        {"source": ""},
        {"author": ""},
        {"review_on": "soon"},
        {"when": []},
        {"when": [{"question": "unheard-of", "is": ["yes"]}]},
        {"id": ""},
        {"wait": {"after": "laser_on", "weeks": 1}},
    ],
)
def test_a_rule_that_cannot_work_is_refused_when_it_is_saved(changes):
    with pytest.raises(Refused) as refused:
        read_rulebook(book_with(**changes))
    assert refused.value.sentence.endswith(".")


def test_a_clinic_may_decide_otherwise_in_a_copy_of_its_own():
    ours = read_rulebook({**book_with(decision="letter"), "version": "clinic-7"})
    decision = decide("meso-hair", {"adult": "no"}, ON, rules=ours)
    assert (decision.decision, decision.rules_version) == ("letter", "clinic-7")


def test_rules_whose_review_date_has_come_are_listed():
    book = read_rules("screening")
    assert due_for_review(book, on=date(2026, 12, 1)) == []
    assert "pregnant" in due_for_review(book, on=date(2027, 5, 31))
