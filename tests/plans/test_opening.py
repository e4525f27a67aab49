"""A plan is opened by its link alone; it shows nothing of the person to somebody unknown, and is looked at again each time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.models import User
from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.intake.models import Unlock
from shop.inventory.models import Stock
from shop.inventory.receiving import adjust
from shop.plans.lines import PACKAGE, Line
from shop.plans.linking import revoke_links
from shop.plans.models import Plan, PlanEvent, PlanLink
from shop.plans.sending import send_plan, withdraw_plan
from tests.plans import making
from tests.plans.making import content, essential, habit, line, make_plan, make_shelf
from tests.support import factories
from tests.support.people import browser_of
from tests.support.statements import statements as counting

WHY = "For uneven tone: Tranexamic Acid, second in the full ingredient list."
SECRETS = ("Calmer patches", WHY, "Slowly at first", "Shade at noon", "Nora")


@pytest.fixture
def shelf(app):
    return make_shelf()


@pytest.fixture
def nora(shelf):
    return factories.make_client(name="Nora Beck")


def signed_in(app, client):
    return browser_of(db.session.get_one(User, client.user_id), app=app, person=client)


def keep(name):
    return Line(kind="keep", name=name, step="cleanse", when="both")


def series():
    return Line(kind=PACKAGE, name="", package="meso-pigmentation-4", role="essential")


def five_steps():
    lines = (
        series(),
        keep("Azelaic cream of the pharmacy"),
        essential("tone-serum", why=WHY),
        essential("cream", step="moisturise"),
    )
    return content(*lines, line("tinted-spf", step="protect", when="morning"), habit(), message="Slowly at first")


def sent(client, said=None):
    plan = make_plan(client, said or five_steps())
    send_plan(plan, by="user:1", seen=1)
    db.session.commit()
    return plan


def link_in(mailbox, client):
    return mailbox.last(client.email).link("/plan/")


def opened(browser, path):
    first = browser.get(path)
    assert first.status_code == 303
    assert first.headers["Location"] == "/plan"
    return browser.get("/plan")


def events(kind=None):
    found = db.session.scalars(select(PlanEvent.kind).order_by(PlanEvent.id)).all()
    return [one for one in found if kind in (None, one)]


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


def test_row_8_nine_days_later_price_stock_and_allergy_are_looked_at_again_and_one_tap_adds_three(app, nora, clock):
    said = content(
        series(),
        keep("Your own wash"),
        keep("Your own mist"),
        essential("tone-serum", substitute="SKU-CALM-SERUM"),
        essential("cream", step="moisturise"),
        essential("tinted-spf", step="protect", when="morning"),
        line("mist", step="tone"),
    )
    sent(nora, said)
    clock.shift(timedelta(days=9))
    cream = db.session.scalars(select(Variant).where(Variant.sku == "SKU-CREAM")).one()
    cream.price_minor = 2600
    db.session.scalars(select(Product).where(Product.slug == "mist")).one().inci = "Aqua, Glycerin, Limonene, Parfum"
    sell_out("SKU-TONE-SERUM")
    making.avoid(nora, "limonene")
    browser = signed_in(app, nora)
    page = browser.get("/plan").text
    assert "Solenne Cream costs £26.00 now; it was £24.00 when this was written." in page
    assert "Solenne Tone Serum is out of stock; Solenne Calm Serum takes its place for £32.00." in page
    assert "Solenne Mist was left out" in page
    goods = browser.post("/plan/bag", data={"which": "chosen", "line": ["4", "5", "6"]})
    assert goods.headers["Location"] == "/bag"
    bag = browser.get("/bag").text
    assert all(name in bag for name in ("Calm Serum", "Cream", "Tinted Spf"))
    assert "Tone Serum" not in bag.replace("Calm Serum", "")
    refused = browser.post("/plan/bag", data={"which": "chosen", "line": ["3"]})
    assert refused.status_code == 422


def sell_out(sku):
    variant = db.session.scalars(select(Variant).where(Variant.sku == sku)).one()
    stock = db.session.scalars(select(Stock).where(Stock.variant_id == variant.id)).one()
    adjust(stock, units=-stock.on_hand, reason="broken", cause=f"test:{sku}", by="the tests")


def test_a_second_tap_adds_nothing_twice(client, nora, mailbox):
    sent(nora, content(essential("cream"), line("calm-serum")))
    opened(client, link_in(mailbox, nora))
    for _ in range(2):
        client.post("/plan/bag", data={"which": "all"})
    assert client.get("/bag").text.count('name="quantity" value="1"') >= 2
    assert 'value="2"' not in client.get("/bag").text


def test_row_15_a_gated_product_is_open_for_one_client_and_twelve_months(app, client, nora, as_client, clock):
    peel = gated("pro-peel")
    plan = sent(nora, content(essential("pro-peel")))
    [unlock] = db.session.scalars(select(Unlock)).all()
    assert (unlock.product_id, unlock.begins_on.isoformat(), unlock.ends_on.isoformat()) == (
        peel.id,
        "2026-03-02",
        "2027-03-01",
    )
    own = signed_in(app, nora)
    for other in (client, as_client):
        assert other.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 404
        asked = other.post(
            "/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}, headers={"Accept": "application/json"}
        )
        assert asked.status_code == 404
    assert own.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 303
    assert "not offered any more" not in own.get("/bag").text
    clock.move_to(clock_at(2027, 3, 2))
    again = signed_in(app, nora)
    assert "not offered any more" in again.get("/bag").text
    assert again.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 404
    assert plan.id


def clock_at(year, month, day):
    from datetime import UTC, datetime

    return datetime(year, month, day, 9, 30, tzinfo=UTC)


def gated(slug):
    made = factories.make_product(slug=slug, name=slug.title(), step="treat", gated=True, variants=0, price_minor=4500)
    factories.make_variant(made, sku=making.sku_of(slug), stock=5)
    return made


def test_the_unlock_ends_when_the_plan_is_taken_back(app, nora):
    gated("pro-peel")
    plan = sent(nora, content(essential("pro-peel")))
    withdraw_plan(db.session.get(Plan, plan.id), by="user:1")
    own = signed_in(app, nora)
    assert own.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 404


def test_a_treatment_sold_after_a_consultation_is_open_for_this_client(app, nora, as_client):
    sent(nora)
    own = signed_in(app, nora)
    assert as_client.post("/bag/lines", data={"package": "meso-pigmentation-4", "quantity": "1"}).status_code == 422
    assert own.post("/plan/bag", data={"which": "essentials"}).status_code == 303
    bag = own.get("/bag").text
    assert "begins with a consultation" not in bag
    assert "Uneven tone, 4 sessions" in bag


def test_a_guest_who_proved_the_mailbox_buys_what_is_unlocked_and_one_who_did_not_is_asked_first(client, nora, mailbox):
    sent(nora)
    opened(client, link_in(mailbox, nora))
    first = client.post("/plan/bag", data={"which": "essentials"})
    assert first.status_code == 422
    assert "confirm first that it is you" in first.text
    client.post("/plan/confirm")
    digits = next(word for word in mailbox.last(nora.email).text.split() if len(word) == 6 and word.isdigit())
    client.post("/plan/confirm/code", data={"code": digits})
    assert client.post("/plan/bag", data={"which": "essentials"}).status_code == 303
    assert "begins with a consultation" not in client.get("/bag").text


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
