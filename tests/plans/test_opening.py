"""A plan is opened by its link alone; it shows nothing of the person to somebody unknown, and is looked at again each time."""

from datetime import timedelta

from shop.core.db import db
from shop.plans.linking import revoke_links
from shop.plans.models import Plan
from shop.plans.sending import withdraw_plan
from tests.plans.making import content, essential
from tests.plans.reading import SECRETS, WHY, events, link_in, opened, sent, signed_in
from tests.support import factories
from tests.support.statements import statements as counting


def test_the_link_opens_without_a_sign_in_and_its_token_leaves_the_address(client, nora, mailbox):
    sent(nora)
    page = opened(client, link_in(mailbox, nora))
    assert page.status_code == 200
    assert "Solenne Tone Serum" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"


def test_somebody_unknown_reads_no_concern_no_reason_and_nothing_from_the_cupboard(client, nora, mailbox):
    sent(nora)
    page = opened(client, link_in(mailbox, nora)).text.partition("<main")[2]
    paper = client.get("/plan/print").text.partition("<main")[2]
    for secret in (*SECRETS, "Azelaic cream", "Uneven tone", "pigmentation", "Tone treatment"):
        assert secret not in page, secret
        assert secret not in paper, secret
    assert "Skin sessions (4)" in page


def test_the_client_who_is_signed_in_reads_everything(app, nora):
    sent(nora)
    browser = signed_in(app, nora)
    page = browser.get("/plan").text
    for secret in (*SECRETS, "Azelaic cream", "Uneven tone, 4 sessions"):
        assert secret in page, secret


def test_a_code_from_the_mailbox_proves_who_reads(client, nora, mailbox):
    sent(nora)
    opened(client, link_in(mailbox, nora))
    client.post("/plan/confirm")
    digits = next(word for word in mailbox.last(nora.email).text.split() if len(word) == 6 and word.isdigit())
    wrong = client.post("/plan/confirm/code", data={"code": "000000" if digits != "000000" else "111111"})
    assert wrong.status_code == 422
    assert WHY not in wrong.text
    assert client.post("/plan/confirm/code", data={"code": digits}).status_code == 303
    assert WHY in client.get("/plan").text
    assert "confirmed" in events()
    again = client.post("/plan/confirm/code", data={"code": digits})
    assert again.status_code == 422


def test_a_code_is_tried_five_times_at_most(client, nora, mailbox):
    sent(nora)
    opened(client, link_in(mailbox, nora))
    client.post("/plan/confirm")
    digits = next(word for word in mailbox.last(nora.email).text.split() if len(word) == 6 and word.isdigit())
    wrong = "000000" if digits != "000000" else "111111"
    for _ in range(5):
        client.post("/plan/confirm/code", data={"code": wrong})
    assert client.post("/plan/confirm/code", data={"code": digits}).status_code == 422
    assert WHY not in client.get("/plan").text


def test_a_link_is_dead_once_it_is_revoked_also_for_a_browser_that_is_in(client, nora, mailbox):
    plan = sent(nora)
    path = link_in(mailbox, nora)
    opened(client, path)
    revoke_links(db.session.get(Plan, plan.id), by="user:1")
    db.session.commit()
    assert client.get(path).status_code == 404
    answer = client.get("/plan")
    assert answer.status_code == 404
    assert "Solenne" not in answer.text
    for act in ("bag", "seen", "quiet", "confirm"):
        assert client.post(f"/plan/{act}", data={"which": "all"}).status_code == 404


def test_a_plan_that_was_taken_back_opens_nowhere(client, nora, mailbox):
    plan = sent(nora)
    path = link_in(mailbox, nora)
    withdraw_plan(db.session.get(Plan, plan.id), by="user:1")
    db.session.commit()
    assert client.get(path).status_code == 404


def test_a_link_ends_by_itself_after_sixty_days(client, nora, mailbox, clock):
    sent(nora)
    path = link_in(mailbox, nora)
    clock.shift(timedelta(days=59, hours=23))
    assert opened(client, path).status_code == 200
    clock.shift(timedelta(hours=2))
    assert client.get(path).status_code == 404
    assert client.get("/plan").status_code == 404


def test_another_client_s_link_opens_nothing_for_somebody_who_is_signed_in(as_client, nora, mailbox):
    sent(nora)
    path = link_in(mailbox, nora)
    assert as_client.get(path).status_code == 404
    assert "Solenne" not in as_client.get("/plan").text


def test_two_plans_and_a_stranger_s_link_do_not_mix(client, nora, mailbox):
    sent(nora)
    first = link_in(mailbox, nora)
    other = factories.make_client(name="Ada Other")
    sent(other, content(essential("calm-serum")))
    opened(client, first)
    client.post("/plan/confirm")
    digits = next(word for word in mailbox.last(nora.email).text.split() if len(word) == 6 and word.isdigit())
    client.post("/plan/confirm/code", data={"code": digits})
    page = opened(client, link_in(mailbox, other)).text
    assert "Solenne Calm Serum" in page
    assert "Ada Other" not in page  # the proof held for the first link alone
    assert "Calmer patches" not in page


def test_dead_forged_and_expired_links_answer_alike_after_the_same_work(client, nora, mailbox, clock):
    plan = sent(nora)
    path = link_in(mailbox, nora)
    revoke_links(db.session.get(Plan, plan.id), by="user:1")
    db.session.commit()
    answers, costs = set(), set()
    for _ in range(2):
        client.get("/plan/warm")
    for wrong in (path, path[:-1] + ("A" if path[-1] != "A" else "B"), "/plan/short", "/plan/" + "x" * 120):
        with counting() as count:
            answer = client.get(wrong)
        answers.add((answer.status_code, answer.text.replace(answer.headers.get("X-Request-Id", "-"), "")))
        costs.add(len(count))
    assert {status for status, _ in answers} == {404}
    assert len(costs) == 1, costs


def test_guessing_links_is_slowed(client, nora):
    for n in range(20):
        assert client.get(f"/plan/guess-{n}").status_code == 404
    assert client.get("/plan/guess-again").status_code == 429


def test_a_good_link_opens_however_often(client, nora, mailbox):
    sent(nora)
    path = link_in(mailbox, nora)
    for _ in range(25):
        assert client.get(path).status_code == 303


def test_the_code_of_the_sheet_opens_it_and_guessing_codes_is_slowed(client, app, nora, mailbox):
    plan = sent(nora)
    mailbox.last(nora.email)
    shown = f"{plan.code[:4]}-{plan.code[4:]}".lower()
    assert client.post("/plan", data={"code": shown}).status_code == 303
    assert "Solenne Tone Serum" in client.get("/plan").text
    assert plan.code[:4] in client.get("/plan/print").text
    guesser = app.test_client()
    for _ in range(9):
        assert guesser.post("/plan", data={"code": "2222-3333"}).status_code == 404
    assert guesser.post("/plan", data={"code": shown}).status_code == 429


def test_a_robot_that_follows_links_marks_nothing_and_buys_nothing(client, nora, mailbox):
    sent(nora)
    path = link_in(mailbox, nora)
    before = events()
    for address in (path, "/plan", "/plan/print"):
        client.get(address)
        client.head(address)
    assert events() == before
    assert client.get("/bag").text.count("Solenne") == 0


def test_seen_is_said_by_the_page_or_by_any_button_and_once(client, nora, mailbox):
    sent(nora)
    opened(client, link_in(mailbox, nora))
    assert client.post("/plan/seen").status_code == 204
    client.post("/plan/seen")
    client.post("/plan/quiet")
    assert events("seen") == ["seen"]
