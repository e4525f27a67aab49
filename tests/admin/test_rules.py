"""The rulebook at the desk: a change is a new version, old decisions replay, going back is one more edition."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from shop.accounts.models import ROLES
from shop.admin.rules import changing
from shop.admin.rules.books import BOOKS, rules_in
from shop.admin.rules.comparing import differences
from shop.care.aftercare import timeline
from shop.care.calendar import Session, judge
from shop.care.claims import lint
from shop.care.loading import book_of, claim_rules, in_force, window_rules
from shop.care.models import RuleEdition, RuleVersion
from shop.care.parsing import read_label
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.intake import answering, signing
from shop.intake.subjects import Subject
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_treatment

BY = {"author": "Dr Ada Quill", "by": "user:1"}
WAITS = {"isotretinoin": "stopped", "isotretinoin_stopped": "2026-01-01"}


def change(book, rule, **given):
    edition = changing.change(book, rule, given, note="Seen otherwise", **BY)
    db.session.commit()
    return edition


def back_on(rules=None):
    told = judge(
        read_label("Aqua, Retinol"), sessions=[Session("meso-lines", date(2026, 6, 10))], rules=rules or window_rules()
    )
    return told.back_on


def test_without_a_change_the_shipped_rules_decide(app, clock):
    assert {book: in_force(book) for book in BOOKS} == dict.fromkeys(BOOKS, "1")
    assert back_on() == date(2026, 6, 17)


def test_a_changed_window_moves_every_date(app, clock):
    change("windows", "retinoid", after_days="10")
    assert in_force("windows") == "clinic-1"
    assert back_on() == date(2026, 6, 20)
    assert rules_in("windows")["retinoid"]["version"] == "2"
    assert window_rules() is window_rules()  # labels remember a book by the object


def test_an_old_decision_replays_identically_after_a_change(app, clock):
    subject = Subject(browser_hash="b")
    old = answering.save(subject, TREATMENT, calm(**WAITS), consent_version=1)
    before = answering.replay(old, on=date(2026, 3, 2))
    change("screening", "isotretinoin-6-months", wait="9 months")
    new = answering.save(subject, TREATMENT, calm(**WAITS), consent_version=1)
    db.session.commit()
    assert answering.replay(old, on=date(2026, 3, 2)) == before
    assert (before.until, answering.replay(new, on=date(2026, 3, 2)).until) == (date(2026, 7, 1), date(2026, 10, 1))
    assert (old.rules_version, new.rules_version) == ("1", "clinic-1")


def test_only_the_changed_rule_speaks_differently(app, clock):
    answers = calm(keloid="yes", thyroid="yes")
    first = answering.replay(
        answering.save(Subject(browser_hash="b"), TREATMENT, answers, consent_version=1), on=date(2026, 3, 2)
    )
    change("screening", "isotretinoin-6-months", wait="9 months")
    second = answering.replay(
        answering.save(Subject(browser_hash="b"), TREATMENT, answers, consent_version=1), on=date(2026, 3, 2)
    )
    assert first.reasons == second.reasons


def test_aftercare_and_claims_follow_the_desk(app, clock):
    rule = next(name for name, row in rules_in("aftercare").items() if row.get("thing") == "make-up" and "hours" in row)
    change("aftercare", rule, hours="36")
    entries = timeline("meso-lines", [], shop_clock.now(), "Europe/London", book=book_of("aftercare"))
    assert next(entry for entry in entries if entry.thing == "make-up").rule == rule
    claim = next(iter(rules_in("claims")))
    change("claims", claim, phrases="moon dust")
    assert [hit.rule for hit in lint("Contains moon dust.", rules=claim_rules())] == [claim]


def test_going_back_is_one_more_edition(app, clock):
    change("windows", "retinoid", after_days="10")
    changing.go_back("windows", "1", note="", by="user:1")
    db.session.commit()
    assert in_force("windows") == "clinic-2"
    assert back_on() == date(2026, 6, 17)
    with pytest.raises(Refused):
        changing.go_back("windows", "1", note="", by="user:1")


def test_a_rule_can_be_taken_out_and_comes_back(app, clock):
    changing.take_out("windows", "retinoid", note="Not ours", by="user:1")
    db.session.commit()
    assert back_on() is None
    changing.go_back("windows", "1", note="", by="user:1")
    db.session.commit()
    assert back_on() == date(2026, 6, 17)


def test_two_editions_are_compared_field_by_field(app, clock):
    change("windows", "retinoid", after_days="10")
    found = {(row.field, row.was, row.now) for row in differences("windows", "1", "clinic-1")}
    assert ("after_days", "7", "10") in found
    assert {row.rule for row in differences("windows", "1", "clinic-1")} == {"retinoid"}
    assert differences("windows", "clinic-1", "clinic-1") == []


@pytest.mark.parametrize(
    ("book", "rule", "given"),
    [
        ("windows", "retinoid", {"after_days": "soon"}),
        ("windows", "retinoid", {"after_days": "7"}),  # nothing is different
        ("windows", "retinoid", {"after_days": "9", "source": " "}),
        ("windows", "retinoid", {"after_days": "9", "review_on": "2026-01-01"}),
        ("screening", "isotretinoin-6-months", {"wait": "for ever"}),
        ("screening", "isotretinoin-6-months", {"decision": "no"}),  # a no does not wait
        ("screening", "isotretinoin-6-months", {"decision": "perhaps"}),
        ("claims", "guaranteed", {"why": ""}),
    ],
)
def test_a_rule_that_cannot_work_is_refused(app, clock, book, rule, given):
    if rule not in rules_in(book):
        rule = next(iter(rules_in(book)))
    with pytest.raises(Refused):
        changing.change(book, rule, given, note="Because", **BY)
    assert db.session.scalars(select(RuleVersion)).all() == []


def test_a_change_says_why(app, clock):
    with pytest.raises(Refused):
        changing.change("windows", "retinoid", {"after_days": "9"}, note=" ", **BY)


@pytest.mark.parametrize("version", ["clinic-7", "clinic-x", "2", ""])
def test_an_edition_that_never_was_is_not_found(app, clock, version):
    with pytest.raises(NotFound):
        changing.chosen_in("windows", version)


def test_the_database_refuses_to_change_what_was_published(app, clock):
    change("windows", "retinoid", after_days="10")
    for statement in ("update rule_version set version = 9", "delete from rule_edition"):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_a_signature_holds_until_a_rule_changes(app, clock):
    signing.sign(TREATMENT, by="user:1")
    assert signing.is_up_to_date(signing.signatures()[TREATMENT].editions)
    change("windows", "retinoid", after_days="10")
    assert not signing.is_up_to_date(signing.signatures()[TREATMENT].editions)


@pytest.mark.parametrize("role", ROLES)
def test_the_medical_lead_changes_the_owner_reads_nobody_else_sees_it(as_role, role, clock):
    make_treatment(TREATMENT)
    browser = as_role(role)
    seen = 200 if role in ("medical-lead", "owner") else 403
    for path in ("/admin/rules", "/admin/rules/windows", "/admin/rules/windows/retinoid", "/admin/rules/windows/compare"):
        assert browser.get(path).status_code == seen
    given = {"after_days": "9", "note": "Because"}
    answer = browser.post("/admin/rules/windows/retinoid", data=given)
    assert answer.status_code == (303 if role == "medical-lead" else 403)
    assert len(db.session.scalars(select(RuleEdition)).all()) == (role == "medical-lead")


def test_the_desk_changes_signs_compares_and_goes_back(clock, as_role):
    make_treatment(TREATMENT)
    lead = as_role("medical-lead")
    assert lead.post(f"/admin/rules/signatures/{TREATMENT}").status_code == 303
    assert "not signed" not in lead.get("/admin/rules").text
    refused = lead.post("/admin/rules/windows/retinoid", data={"after_days": "x", "note": "Because"})
    assert refused.status_code == 422
    assert 'value="x"' in refused.text
    lead.post("/admin/rules/windows/retinoid", data={"after_days": "9", "note": "Because"})
    assert "rules have changed since" in lead.get("/admin/rules").text
    assert ">9<" in lead.get("/admin/rules/windows/compare?one=1&other=clinic-1").text
    lead.post("/admin/rules/windows/back", data={"version": "1"})
    assert "clinic-2" in lead.get("/admin/rules/windows").text
    assert lead.get("/admin/rules/windows/compare?one=clinic-9").status_code == 404
    assert lead.get("/admin/rules/nonsense").status_code == 404
