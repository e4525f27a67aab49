"""What a client may do with one bought series, each with one press and without asking anybody."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select

from shop.checking import all_differences
from shop.core.db import db
from shop.demo.present_people import answers_for
from shop.intake.answering import save
from shop.intake.readiness import ready_for_treatment
from shop.intake.subjects import Subject
from shop.visits.admitting import admit
from shop.visits.matters import matter_of
from shop.wallet.models import Credit, CreditMove
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_client, make_package, make_treatment
from tests.support.forms import forms
from tests.wallet.credits import counters


def mine(browser, **given):
    facts = {"sessions": 6, "price_minor": 54000, "validity_days": 100} | given
    return credits_of(place_order(make_package(**facts), client=browser.person))[0]


def path_of(credit):
    return f"/account/credits/{credit.code}"


def test_the_last_day_moves_once_free_of_charge(clock, as_client):
    credit = mine(as_client)
    path = path_of(credit)
    assert "Move the last day by 60 days" in as_client.get(path).text
    as_client.post(f"{path}/extend")
    page = as_client.get(path).text
    assert "The last day is now Sunday 9 August 2026." in page
    assert "Move the last day by" not in page
    as_client.post(f"{path}/extend")
    assert "This package was extended before." in as_client.get(path).text
    assert all_differences() == []


def test_a_pause_says_nothing_of_why_and_ends_with_the_days_added(clock, as_client):
    credit = mine(as_client)
    path = path_of(credit)
    as_client.post(f"{path}/pause")
    page = as_client.get(path).text
    assert "Paused since Monday 2 March 2026" in page
    assert "More time" not in page.partition("<h1")[2]
    clock.shift(3 * 24 * 3600)
    as_client.post(f"{path}/resume")
    assert "The last day is now Saturday 13 June 2026." in as_client.get(path).text
    assert set(db.session.scalars(select(CreditMove.reason))) <= {"", "asked for"}


def test_pregnant_clients_choose_between_a_pause_and_the_money(clock, as_client):
    credit = mine(as_client)
    use(credit, 1)
    page = as_client.get(path_of(credit)).text
    assert "An illness, a pregnancy, a long journey: we do not ask why." in page
    assert "£540.00 goes back the way you paid" in page  # nobody had asked to begin early
    assert f"/orders/{credit.order_number}/withdraw?chosen=1&amp;what=credit:{credit.code}" in page


def test_two_sessions_are_given_to_a_friend_who_accepts(clock, as_client, client, mailbox):
    credit = mine(as_client)
    path = path_of(credit)
    answer = as_client.post(f"{path}/give", data={"name": "Bea", "email": "bea@example.com", "sessions": "2"})
    assert answer.status_code == 303
    assert counters(credit)[0] == 6
    mail = mailbox.last("bea@example.com")
    assert credit.name not in mail.subject + mail.text
    link = mail.link("/sessions/accept")
    page = client.get(link).text
    assert "gives you 2 sessions." in page
    form = next(form for form in forms(page, here=link) if "adult" in form.names)
    assert client.post("/sessions/accept", data=form.fields).status_code == 422
    for _ in range(2):
        accepted = client.post("/sessions/accept", data=form.fields | {"adult": "y"})
        assert "It is yours now." in accepted.text
    assert counters(credit)[0] == 4
    given = db.session.scalars(select(Credit).where(Credit.cause.startswith("gift:"))).one()
    assert (counters(given)[0], given.order_number) == (2, credit.order_number)
    assert "It is yours now." in client.get(link).text
    assert all_differences() == []


def test_what_was_used_meanwhile_cannot_be_accepted(clock, as_client, client, mailbox):
    credit = mine(as_client, sessions=3)
    as_client.post(f"{path_of(credit)}/give", data={"name": "Bea", "email": "bea@example.com", "sessions": "2"})
    link = mailbox.last("bea@example.com").link("/sessions/accept")
    use(credit, 2)
    form = next(form for form in forms(client.get(link).text, here=link) if "adult" in form.names)
    assert client.post("/sessions/accept", data=form.fields | {"adult": "y"}).status_code == 409
    assert counters(credit) == (1, 0, 2, 0)


def test_nobody_gives_more_than_is_free(clock, as_client):
    credit = mine(as_client)
    answer = as_client.post(f"{path_of(credit)}/give", data={"name": "Bea", "email": "bea@example.com", "sessions": "7"})
    assert answer.status_code == 422
    assert "You can give up to 6." in answer.text


def test_a_link_that_nobody_signed_opens_nothing(client):
    assert client.get("/sessions/accept?key=abc").status_code == 404
    assert client.post("/sessions/accept", data={"key": "abc", "adult": "y"}).status_code == 404


def test_a_longer_series_is_paid_by_card(clock, as_client, standin, run_worker):
    treatment = make_treatment()
    make_package(treatment, sessions=6, price_minor=54000, slug="six")
    credit = credits_of(place_order(make_package(treatment, sessions=3, price_minor=29700), client=as_client.person))[0]
    use(credit)
    assert "for £243.00 more: 5 sessions left then." in as_client.get(path_of(credit)).text
    assert as_client.post(f"{path_of(credit)}/upgrade", data={"package": "six"}).status_code == 422
    answer = as_client.post(f"{path_of(credit)}/upgrade", data={"package": "six", "terms": "y"})
    assert urlsplit(answer.headers["Location"]).netloc not in ("", "localhost")
    thanks = as_client.get(standin.pay(answer.headers["Location"]))
    assert thanks.status_code == 303
    assert counters(credit) == (0, 0, 1, 0)
    newest = db.session.scalars(select(Credit).order_by(Credit.id.desc())).first()
    assert counters(newest) == (5, 0, 0, 0)
    assert as_client.get(thanks.headers["Location"]).status_code == 200
    assert all_differences() == []


def test_another_person_s_sessions_are_not_there(clock, as_client):
    theirs = credits_of(place_order(make_package(sessions=6), client=make_client()))[0]
    assert as_client.get(path_of(theirs)).status_code == 404
    for act in ("extend", "pause", "resume", "give", "upgrade"):
        assert as_client.post(f"{path_of(theirs)}/{act}").status_code == 404
    assert counters(theirs) == (6, 0, 0, 0)


def test_the_list_leads_to_each_series(clock, as_client):
    credit = mine(as_client)
    assert f'href="{path_of(credit)}"' in as_client.get("/account/credits").text


def test_a_friend_answers_for_herself_and_the_giver_never_sees_it(clock, screened, as_client, client, mailbox):
    treatment = make_treatment("meso-hair")
    credit = credits_of(place_order(make_package(treatment, sessions=6), client=as_client.person))[0]
    save(Subject(client_id=as_client.person.id), "meso-hair", answers_for("meso-hair"), consent_version=1)
    db.session.commit()
    as_client.post(f"{path_of(credit)}/give", data={"name": "Bea", "email": "bea@example.com", "sessions": "2"})
    link = mailbox.last("bea@example.com").link("/sessions/accept")
    form = next(form for form in forms(client.get(link).text, here=link) if "adult" in form.names)
    client.post("/sessions/accept", data=form.fields | {"adult": "y"})
    given = db.session.scalars(select(Credit).where(Credit.cause.startswith("gift:"))).one()
    assert admit(matter_of(db.session.get(Credit, credit.id))).decision == "ok"
    assert admit(matter_of(given)).must_answer
    assert next(one.kind for one in ready_for_treatment(given.client_id, "meso-hair")) == "answers"
    theirs = answers_for("meso-hair") | {"pregnant": "yes"}
    save(Subject(client_id=given.client_id), "meso-hair", theirs, consent_version=1)
    db.session.commit()
    assert admit(matter_of(given)).decision == "no"
    for path in (path_of(credit), "/account/credits", "/account/privacy", f"/orders/{credit.order_number}"):
        assert "pregnan" not in as_client.get(path).text.partition("<h1")[2].replace("a pregnancy, a long journey", "")
