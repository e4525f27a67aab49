import json
from datetime import date
from types import SimpleNamespace

from shop.care.explaining_answers import explain_claims, explain_match, explain_questions, explain_screen


def printed(answer):
    return json.loads(json.dumps(answer, allow_nan=False))


def test_screening_is_explained_with_iso_dates():
    answer = printed(explain_screen("meso-lines", {"isotretinoin_stopped": "2026-05-01"}, on=date(2026, 6, 10)))
    assert (answer["decision"], answer["until"]) == ("wait", "2026-11-01")
    reason = answer["reasons"][0]
    assert (reason["rule"], reason["version"], reason["until"]) == ("isotretinoin-6-months", 1, "2026-11-01")
    assert reason["source"]
    assert answer["rules_version"] == "1"


def test_every_question_is_listed_with_its_key_and_its_purpose():
    answer = printed(explain_questions("meso-hair"))
    by_key = {question["key"]: question for question in answer["questions"]}
    assert by_key["isotretinoin_stopped"]["shown_if"] == {"isotretinoin": ["stopped"]}
    assert {"value": "no", "label": "No, never"} in by_key["isotretinoin"]["options"]
    assert all(question["why"] for question in answer["questions"])


def test_matching_is_explained_by_step():
    serum = SimpleNamespace(
        slug="scalp-serum",
        step="scalp",
        area="scalp",
        skin_types=[],
        classes=["humectant"],
        actives=[("CAFFEINE", 3)],
        reading="assessed",
    )
    answer = printed(explain_match("hair-thinning", [serum]))
    (step,) = answer["steps"]
    assert step["step"] == "scalp"
    assert step["products"][0]["reason"] == "For scalp care: Caffeine, third in the full ingredient list."
    assert step["products"][0]["evidence"] == "tested in some studies on people"
    assert answer["essentials"] == ["scalp-serum"]
    assert not answer["nothing_to_buy"]


def test_claims_are_explained_with_the_phrase_the_rule_and_a_better_sentence():
    answer = printed(explain_claims("Melts fat, removes toxins, guaranteed."))
    assert not answer["publishable"]
    assert [hit["phrase"] for hit in answer["hits"]] == ["Melts fat", "removes toxins", "guaranteed"]
    assert all(hit["rule"] and hit["better"] for hit in answer["hits"])


def test_innocent_copy_may_be_published():
    assert printed(explain_claims("Leaves skin feeling soft.")) == {"publishable": True, "hits": []}
