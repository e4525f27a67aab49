"""A late reaction: an urgent case with sessions and lots, the sessions paused, the medical lead told, nothing advertised meanwhile."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shop.accounts.models import User
from shop.cases.models import Case, CaseEntry
from shop.cases.pausing import has_paused, resume_sessions
from shop.cases.standing import is_open_for
from shop.cases.working import close_case
from shop.catalog.models import Treatment
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Conflict
from shop.core.mail import send
from shop.core.settings import setting
from shop.inventory.models import Lot
from shop.orders.models import OrderLine
from shop.visits.attending import treat
from shop.visits.links import visit_token
from shop.visits.models import Visit
from shop.visits.recording import save
from shop.wallet.models import Credit
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.support.factories import make_addon, make_package
from tests.support.people import browser_of, browser_of_staff
from tests.visits.clinic import at, book_at, make_credit, open_clinic

CAUSE = "a-cause-of-this-form"
WORDS = "a hard lump on the left cheek"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def visit(as_client, clock):
    """Done on Tuesday 10 March at 11:00, with a vial whose lot was written down; it is week five now."""
    credit = open_clinic(client=as_client.person, sessions=3)
    db.session.get(Treatment, credit.treatment_id).slug = "meso-lines"
    visit = book_at(credit, "2026-03-10")
    clock.move_to(at("2026-03-10", 11))
    treat(visit, by="user:1")
    save(visit, {"solutions": [{"name": "Calm mix", "lot": "LOT-77", "ingredients": ""}]}, revision=0, by="user:1")
    db.session.commit()
    clock.move_to(at("2026-04-14", 12))
    return visit


@pytest.fixture
def home(app, as_client, visit):
    """The client's browser, signed in five weeks later."""
    return browser_of(as_client.user, app=app, person=as_client.person)


def tell(browser, visit, **given):
    data = {"cause": CAUSE, "sign": "new-lump", "since": "2026-04-12", "words": WORDS} | given
    if "photo" in data:
        data["photo"] = (io.BytesIO(data["photo"]), "my face.png")
    return browser.post(f"/account/visits/{visit.number}/report", data=data, content_type="multipart/form-data")


def the_case():
    return db.session.scalars(select(Case)).one()


def test_a_lump_in_week_five_is_an_urgent_case_with_sessions_and_lots(home, visit, clock):
    order = make_order(stock=make_shelf(3), client_id=home.person.id)
    db.session.execute(update(OrderLine).where(OrderLine.order_id == order.id).values(done=OrderLine.quantity))
    db.session.commit()
    lot = db.session.scalars(select(Lot.code)).first()
    assert tell(home, visit).status_code == 303
    case = the_case()
    assert (case.kind, case.is_urgent, case.visit_number) == ("reaction_session", True, visit.number)
    assert case.due_at == at("2026-04-14", 16)
    assert (case.content["words"], case.content["sign"], case.content["weeks"]) == (WORDS, "new-lump", 5)
    assert case.content["sessions"] == [
        {"number": visit.number, "on": "2026-03-10", "lots": [{"name": "Calm mix", "lot": "LOT-77"}]}
    ]
    assert [(one["order"], one["lot"]) for one in case.content["products"]] == [(order.number, lot)]


def test_the_sessions_rest_and_go_on_when_a_person_says_so(home, visit, clock):
    tell(home, visit)
    credit = db.session.get(Credit, visit.credit_id)
    assert credit.frozen_on.isoformat() == "2026-04-14"
    assert has_paused(the_case())
    answer = home.post(f"/account/credits/{credit.code}/resume", follow_redirects=True)
    assert "We have paused these sessions" in answer.text
    assert db.session.get(Credit, visit.credit_id).frozen_on is not None
    ends = credit.expires_on
    clock.shift(timedelta(days=6))
    resume_sessions(the_case(), by="user:1")
    assert credit.frozen_on is None
    assert credit.expires_on == ends + timedelta(days=6)
    assert not has_paused(the_case())


def test_only_the_series_concerned_rests_with_its_add_ons_and_the_desk_sees_why(app, home, visit, as_role):
    treatment = db.session.get(Treatment, visit.treatment_id)
    again = make_credit(home.person, package=make_package(treatment=treatment), addons=[make_addon()])
    other = make_credit(home.person)
    db.session.commit()
    later = book_at(again, "2026-05-12")
    tell(home, visit)
    frozen = {credit.id for credit in db.session.scalars(select(Credit).where(Credit.frozen_on.is_not(None)))}
    addon = db.session.scalars(select(Credit).where(Credit.parent_id == again.id)).one()
    assert frozen == {visit.credit_id, again.id, addon.id}
    assert db.session.get(Credit, other.id).frozen_on is None
    assert "A case of this client is open" in as_role("practitioner").get(f"/admin/visits/{later.number}").text


def test_nobody_is_treated_from_a_series_that_rests(home, visit, clock):
    later = book_at(db.session.get(Credit, visit.credit_id), "2026-04-21")
    tell(home, visit)
    clock.move_to(at("2026-04-21", 11))
    with pytest.raises(Conflict, match="End the pause first"):
        treat(db.session.get(Visit, later.id), by="user:1")


def test_where_no_medical_lead_is_those_who_treat_are_written_to_and_where_nobody_treats_the_clinic(
    app, home, visit, mailbox
):
    tell(home, visit)
    assert [mail.to for mail in mailbox if "Please look today" in mail.subject] == [setting("clinic.email")]
    close_case(the_case(), result="settled", words="Seen.", by="user:1")
    db.session.commit()
    for role in ("consultant", "practitioner", "desk"):
        browser_of_staff(role, app)
    tell(home, visit, cause="a-second-cause-of-it")
    treating = db.session.scalars(select(User.email).where(User.role.in_(("consultant", "practitioner"))))
    told = [mail.to for mail in mailbox if "Please look today" in mail.subject]
    assert sorted(told[1:]) == sorted(treating)
    assert len(told) == 3


def test_a_medical_lead_who_has_left_is_not_written_to(app, home, visit, mailbox):
    browser_of_staff("medical-lead", app)
    db.session.execute(update(User).where(User.role == "medical-lead").values(disabled_at=at("2026-04-14", 11)))
    db.session.commit()
    tell(home, visit)
    assert [mail.to for mail in mailbox if "Please look today" in mail.subject] == [setting("clinic.email")]


def test_the_medical_lead_hears_of_it_and_no_e_mail_says_what_it_is(app, home, visit, mailbox):
    browser_of_staff("medical-lead", app)
    lead = db.session.scalars(select(User).where(User.role == "medical-lead")).one()
    tell(home, visit)
    sent = [mail for mail in mailbox if "Please look today" in mail.subject or "We have your message" in mail.subject]
    assert {mail.to for mail in sent} == {lead.email, home.person.email}
    for mail in sent:
        assert "lump" not in str(mail.subject).lower() + mail.text.lower()
        assert "cheek" not in mail.text
    entry = db.session.scalars(select(AttentionEntry).where(AttentionEntry.kind == "case")).one()
    assert entry.urgent
    assert "lump" not in entry.reason + entry.what_to_do


def test_the_same_click_is_one_case_and_another_report_is_a_note_in_it(home, visit):
    tell(home, visit)
    tell(home, visit)
    tell(home, visit, cause="another-cause-of-it", words="it grows")
    case = the_case()
    assert [entry.text for entry in db.session.scalars(select(CaseEntry))] == ["A new lump. it grows"]
    assert case.content["words"] == WORDS


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sign": "nonsense"}, "Choose what you notice."),
        ({"since": "2026-03-09"}, "Give a day from Tuesday 10 March until today."),
        ({"since": "2026-04-15"}, "Give a day from Tuesday 10 March until today."),
        ({"words": " "}, "Say in a few words"),
        ({"photo": b"<svg onload=1>"}, "Please choose a PDF or a photograph"),
    ],
)
def test_what_cannot_be_read_is_asked_for_again_and_nothing_is_lost(home, visit, given, sentence):
    answer = tell(home, visit, **given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("words" in given) or WORDS in answer.text
    assert db.session.scalars(select(Case)).first() is None
    assert db.session.get(Credit, visit.credit_id).frozen_on is None


def test_the_photograph_is_sealed_and_named_in_the_case(app, home, visit):
    tell(home, visit, photo=PNG)
    treating = browser_of_staff("practitioner", app)
    page = treating.get(f"/admin/cases/{the_case().id}").text
    assert f"/admin/answers/files/{the_case().content['photo']}" in page
    assert "my face" not in page


def test_after_the_twelve_weeks_the_page_says_to_call_and_takes_no_report(app, home, visit, clock):
    clock.move_to(at("2026-06-01", 23))
    home = browser_of(home.user, app=app, person=home.person)
    assert 'name="words"' in home.get(f"/account/visits/{visit.number}/report").text
    clock.move_to(at("2026-06-03", 12))
    page = home.get(f"/account/visits/{visit.number}/report").text
    assert 'name="words"' not in page
    assert "Please call us" in page
    assert tell(home, visit, since="2026-06-01").status_code == 422


def test_the_aftercare_page_leads_there_from_week_one_on(home, visit, clock):
    path = f"/account/visits/{visit.number}"
    assert f'href="{path}/report"' in home.get(f"{path}/aftercare").text
    assert f'href="{path}/report?sign=new-lump"' in home.get(f"{path}/aftercare?sign=new-lump").text
    clock.move_to(at("2026-03-12", 12))
    assert f'href="{path}/report"' not in home.get(f"{path}/aftercare").text


def test_the_link_of_an_e_mail_takes_a_report_too_and_nobody_else_has_this_visit(client, home, visit, as_role):
    path = f"/appointments/{visit_token(visit)}/report"
    assert client.get(path).status_code == 200
    data = {"cause": CAUSE, "sign": "fever", "since": "2026-04-14", "words": WORDS}
    assert client.post(path, data=data, content_type="multipart/form-data").status_code == 303
    assert the_case().client_id == home.person.id
    stranger = as_role("admin")
    assert stranger.get(f"/account/visits/{visit.number}/report").status_code == 404


def test_while_a_case_is_open_nothing_is_advertised(home, visit, mailbox):
    def promote(key):
        send(
            "wait_over",
            to="a@example.com",
            subject=f"Buy {key}",
            key=key,
            promotes_to=home.person.id,
            name="",
            link="x",
        )
        send("wait_over", to="a@example.com", subject=f"Tell {key}", key=f"{key}-2", name="", link="x")
        return [mail.subject for mail in mailbox if key in mail.subject]

    assert promote("before") == ["Buy before", "Tell before"]
    tell(home, visit)
    assert is_open_for(home.person.id)
    assert promote("while") == ["Tell while"]
    close_case(the_case(), result="settled", words="Seen, a harmless cyst.", by="user:1")
    assert promote("after") == ["Buy after", "Tell after"]


def test_upkeep_is_not_proposed_to_who_waits_for_an_answer(app, home, visit, mailbox, clock):
    for day in ("2026-04-15", "2026-04-29"):
        last = book_at(db.session.get(Credit, visit.credit_id), day)
        clock.move_to(at(day, 11))
        treat(last, by="user:1")
        db.session.commit()
    tell(browser_of(home.user, app=app, person=home.person), db.session.get(Visit, last.id), since="2026-04-29")
    assert is_open_for(home.person.id)
    clock.shift(timedelta(days=91))
    assert not [mail for mail in mailbox if "Is it time" in mail.subject]
