"""A case has an owner, notes and an end; who may open it depends on what it is about."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from shop.cases.forgetting import forget_cases
from shop.cases.models import Case, CaseEntry
from shop.cases.opening import open_case
from shop.cases.standing import clients_with_open
from shop.cases.working import assign, close_case, entries_of, note, open_again
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.intake.reading import readings_of
from tests.support.factories import make_client

CANARY = "a purple canary on the chin"


def make_case(kind="reaction_product", **given):
    facts = {"client_id": make_client().id, "words": CANARY, "cause": "test:1", "by": "client:1"} | given
    case = open_case(kind, **facts)
    db.session.commit()
    return case


def test_one_cause_is_one_case(app):
    client = make_client()
    first, second = (make_case(client_id=client.id) for _ in range(2))
    assert first.id == second.id
    assert clients_with_open([client.id, 999]) == {client.id}


def test_what_is_written_down_is_unreadable_in_the_database(app):
    case = make_case(facts={"photo": CANARY})
    note(case, CANARY, by="user:1")
    close_case(case, result="settled", words=CANARY, by="user:1")
    db.session.commit()
    for table in ("clinic_case", "case_entry", "history", "attention", "outbox"):
        assert "purple" not in str(db.session.execute(text(f"select * from {table}")).all())


def test_closing_ends_the_entry_at_the_desk_and_happens_once(app):
    case = make_case()
    close_case(case, result="referred", words="Seen by a doctor.", by="user:1")
    entry = db.session.scalars(select(AttentionEntry)).one()
    assert entry.resolved_by == "user:1"
    with pytest.raises(Conflict):
        close_case(case, result="settled", words="Again.", by="user:2")
    open_again(case, words="It came back.", by="user:1")
    assert case.closed_at is None
    assert [one.kind for one in entries_of(case.id)] == ["closed", "opened again"]


@pytest.mark.parametrize(("result", "words"), [("fine", "Seen."), ("settled", "  ")])
def test_an_end_needs_a_result_and_a_sentence(app, result, words):
    with pytest.raises(Refused):
        close_case(make_case(), result=result, words=words, by="user:1")


def test_only_staff_can_own_a_case(app, as_client, as_role):
    case, lead = make_case("complaint"), as_role("medical-lead")
    with pytest.raises(Refused):
        assign(case, to=as_client.user.id, by="user:1")
    assign(case, to=lead.user.id, by="user:1")
    assert case.owner_id == lead.user.id


def test_a_reaction_is_opened_by_those_who_treat_and_each_opening_is_logged(app, as_role):
    case = make_case()
    for role in ("owner", "admin", "desk"):
        browser = as_role(role)
        assert CANARY not in browser.get("/admin/cases").text
        assert browser.get(f"/admin/cases/{case.id}").status_code == 403
        assert browser.post(f"/admin/cases/{case.id}/notes", data={"text": "x"}).status_code == 403
    lead = as_role("medical-lead")
    assert CANARY in lead.get(f"/admin/cases/{case.id}").text
    [reading] = readings_of(case.client_id)
    assert (reading.by, reading.why) == (f"user:{lead.user.id}", "case")


def test_a_complaint_is_answered_at_the_desk(app, as_role):
    case, desk = make_case("complaint"), as_role("desk")
    path = f"/admin/cases/{case.id}"
    assert CANARY in desk.get(path).text
    assert desk.post(f"{path}/notes", data={"text": "Called, left a message."}).status_code == 303
    assert desk.post(f"{path}/owner", data={"owner": str(desk.user.id)}).status_code == 303
    assert desk.post(f"{path}/close", data={"result": "", "words": "Fine."}).status_code == 422
    done = {"result": "settled", "words": "Replaced.", "resume": "n"}
    assert desk.post(f"{path}/close", data=done).status_code == 303
    page = desk.get(path).text
    assert "Settled with the client" in page
    assert "Called, left a message." in page
    assert desk.post(f"{path}/again", data={"text": "Not replaced."}).status_code == 303
    assert "Closed" in desk.get("/admin/cases?state=closed").text


def test_a_forgotten_client_leaves_lots_and_no_words(app):
    lots = [{"number": "V-1", "on": "2026-03-10", "lots": [{"name": "Mix", "lot": "L1"}]}]
    case = make_case(facts={"sessions": lots, "sign": "new-lump", "name": "A new lump"})
    note(case, CANARY, by="user:1")
    forget_cases(client_id=case.client_id)
    db.session.commit()
    db.session.expire_all()
    assert case.content == {"sessions": lots}
    assert case.outcome == {"result": "lost", "words": ""}
    assert db.session.scalars(select(CaseEntry)).first() is None
    assert db.session.scalars(select(Case.closed_by)).one() == "system"
