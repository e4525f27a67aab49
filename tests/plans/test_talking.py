"""Yes, no and questions; what is left of somebody who was forgotten; and what opening costs."""

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.plans.models import Plan, PlanEvent, PlanLink
from shop.plans.sending import send_plan
from tests.plans.making import content, essential, line, make_plan
from tests.plans.reading import five_steps, link_in, opened, sent, signed_in


def test_yes_no_and_questions_need_somebody_known(client, app, nora, mailbox):
    plan = sent(nora)
    opened(client, link_in(mailbox, nora))
    for act in ("accept", "decline", "question"):
        assert client.post(f"/plan/{act}", data={"reason": "price", "words": "Hello?"}).status_code == 403
    own = signed_in(app, nora)
    assert own.post("/plan/decline", data={"reason": "because"}).status_code == 422
    own.post("/plan/decline", data={"reason": "price"})
    assert db.session.get(Plan, plan.id).state == "declined"
    own.post("/plan/accept")
    db.session.expire_all()
    assert db.session.get(Plan, plan.id).state == "accepted"
    details = db.session.execute(
        select(PlanEvent.kind, PlanEvent.detail).where(PlanEvent.kind.in_(("declined", "accepted")))
    )
    assert [tuple(row) for row in details] == [("declined", "It costs more than I want to spend"), ("accepted", "")]


def test_a_question_reaches_the_consultant_without_its_words_and_the_answer_comes_back(app, nora, as_consultant, mailbox):
    plan = make_plan(nora, five_steps(), consultant=as_consultant.user)
    send_plan(plan, by="user:1", seen=1)
    own = signed_in(app, nora)
    page = own.get("/plan").text
    cause = page.partition('name="cause" value="')[2].partition('"')[0]
    for _ in range(2):
        assert own.post("/plan/question", data={"words": "Is canary-88 fine?", "cause": cause}).status_code == 303
    told = mailbox.last(as_consultant.user.email)
    assert "canary-88" not in told.text + told.subject
    desk = as_consultant.get(f"/admin/plans/{plan.id}").text
    assert desk.count("Is canary-88 fine?") == 1
    answer = as_consultant.post(f"/admin/plans/{plan.id}/answer", data={"words": "Yes, daily.", "cause": cause})
    assert answer.status_code == 303
    assert "Yes, daily." in own.get("/plan").text
    assert "Yes, daily." not in mailbox.last(nora.email).text


def test_nothing_of_a_person_who_was_forgotten_opens(client, nora, mailbox):
    sent(nora)
    path = link_in(mailbox, nora)
    nora.erased_at = clock.now()
    db.session.commit()
    assert client.get(path).status_code == 404


def test_links_are_kept_as_hashes(nora, mailbox):
    sent(nora)
    token = link_in(mailbox, nora).rpartition("/")[2]
    kept = db.session.scalars(select(PlanLink.token_hash)).one()
    assert token not in kept
    assert len(kept) == 64


def test_opening_costs_the_same_for_two_lines_and_for_six(app, nora, statements):
    counts = []
    for said in (
        content(essential("cream"), line("calm-serum")),
        content(essential("cream"), *(line(s) for s in ("calm-serum", "tone-serum", "wash", "mist", "tinted-spf"))),
    ):
        sent(nora, said)
        own = signed_in(app, nora)
        own.get("/plan")
        with statements() as count:
            assert own.get("/plan").status_code == 200
        counts.append(len(count))
    assert counts[0] == counts[1]
