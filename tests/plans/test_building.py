"""The builder: from a client and a protocol to a plan that is sent; what was typed stays, nothing forbidden goes out."""

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.intake.models import HealthReading, Unlock
from shop.plans.models import Plan, PlanLink, PlanVersion, Protocol
from shop.plans.writing import content_of
from tests.plans import making
from tests.plans.making import content, essential, habit, line, make_plan, make_shelf
from tests.support import factories
from tests.support.forms import forms


@pytest.fixture
def shelf(app):
    return make_shelf()


@pytest.fixture
def nora(shelf):
    return factories.make_client(name="Nora Beck")


def builder(browser, client, protocol="0"):
    """The filled-in form of the builder."""
    answer = browser.get(f"/admin/plans/new?client={client.id}&protocol={protocol}")
    assert answer.status_code == 200, answer.text[:500]
    return form_in(answer)


def form_in(answer):
    return next(form for form in forms(answer.text, here="/admin/plans/new") if "goal" in form.names)


def send(browser, form, act, **changes):
    fields = {**form.fields, **{name.replace("__", "-"): value for name, value in changes.items()}, "act": act}
    return browser.post(form.action, data={name: value for name, value in fields.items() if value is not None})


def newest():
    return db.session.scalars(select(Plan).order_by(Plan.id.desc())).first()


def test_a_plan_from_a_template_is_sent_with_a_link_an_e_mail_and_what_it_unlocks(as_consultant, nora, mailbox):
    form = builder(as_consultant, nora, making.melasma_4().id)
    answer = send(as_consultant, form, "send", goal="Calmer patches by summer", message="Start slowly.")
    assert answer.status_code == 303
    plan = newest()
    assert (plan.state, plan.shown, plan.client_id, plan.consultant_id) == ("sent", 1, nora.id, as_consultant.user.id)
    said = content_of(plan.id, 1)
    assert [one.step or one.kind for one in said.lines] == ["package", "cleanse", "tone", "treat", "moisturise", "protect"]
    assert said.goal == "Calmer patches by summer"
    unlocked = db.session.scalars(select(Unlock)).one()
    assert (unlocked.client_id, unlocked.package_id is not None) == (nora.id, True)
    mail = mailbox.last(nora.email)
    assert mail.subject == "Your plan from Linden Row Skin Clinic"
    assert "/plan/" in mail.text
    assert "tone" not in mail.text.lower()


def test_a_second_click_sends_one_plan(as_consultant, nora):
    form = builder(as_consultant, nora, making.melasma_4().id)
    first, second = send(as_consultant, form, "send"), send(as_consultant, form, "send")
    assert first.headers["Location"] == second.headers["Location"]
    assert len(db.session.scalars(select(Plan)).all()) == 1
    assert len(db.session.scalars(select(PlanLink)).all()) == 1


def test_a_draft_sends_nothing(as_consultant, nora, mailbox):
    send(as_consultant, builder(as_consultant, nora, making.melasma_4().id), "draft")
    assert newest().state == "draft"
    assert len(mailbox) == 0


def test_lines_are_added_found_and_taken_out_without_keeping_anything(as_consultant, nora):
    form = builder(as_consultant, nora)
    form = form_in(send(as_consultant, form, "add", add="habit"))
    assert form.fields["line-0-kind"] == "habit"
    form = form_in(send(as_consultant, form, "look", **{"line-0-name": "Shade at noon"}))
    found = send(as_consultant, form, "find", find="tone ser")
    assert "take:SKU-TONE-SERUM" in found.text
    form = form_in(send(as_consultant, form_in(found), "take:SKU-TONE-SERUM"))
    assert (form.fields["line-0-name"], form.fields["line-1-sku"]) == ("Shade at noon", "SKU-TONE-SERUM")
    form = form_in(send(as_consultant, form, "drop:0"))
    assert form.fields["line-0-sku"] == "SKU-TONE-SERUM"
    assert newest() is None


def test_a_series_of_their_own_is_typed_and_refused_with_everything_kept(as_consultant, nora):
    form = form_in(send(as_consultant, builder(as_consultant, nora), "add", add="series"))
    typed = {"line-0-treatment": "meso-pigmentation", "line-0-sessions": "6", "line-0-gaps": "28", "line-0-area": "Cheeks"}
    refused = send(as_consultant, form, "send", **typed, **{"line-0-price": "5,4", "line-0-validity": "120"})
    assert refused.status_code == 422
    again = form_in(refused)
    assert (again.fields["line-0-price"], again.fields["line-0-gaps"]) == ("5,4", "28")
    assert "140" in refused.text
    sent = send(as_consultant, again, "send", **{"line-0-price": "540", "line-0-validity": "210"})
    assert sent.status_code == 303
    assert content_of(newest().id, 1).lines[0].price_minor == 54000


def test_what_a_rule_forbids_asks_for_a_reason_on_the_page(as_consultant, nora):
    making.avoid(nora, "niacinamide")
    form = form_in(send(as_consultant, builder(as_consultant, nora), "take:SKU-TONE-SERUM"))
    assert "line-0-override" in form.names
    refused = send(as_consultant, form, "send")
    assert refused.status_code == 422
    assert "To recommend it all the same, write why." in refused.text
    sent = send(as_consultant, form_in(refused), "send", **{"line-0-override": "Patch test clear on 2 March"})
    assert sent.status_code == 303
    page = as_consultant.get(sent.headers["Location"])
    assert "Patch test clear on 2 March" in page.text


def test_a_promise_in_the_message_is_stopped_with_a_better_sentence(as_consultant, nora):
    form = builder(as_consultant, nora, making.melasma_4().id)
    refused = send(as_consultant, form, "send", message="It removes toxins, guaranteed.")
    assert refused.status_code == 422
    assert "Better:" in refused.text
    assert form_in(refused).fields["message"] == "It removes toxins, guaranteed."


def test_the_next_version_shows_what_changed_and_the_client_sees_it_when_it_is_sent(as_consultant, nora):
    plan = make_plan(nora, content(essential("tone-serum"), habit()))
    form = next(
        form
        for form in forms(as_consultant.get(f"/admin/plans/{plan.id}/edit").text, here=f"/admin/plans/{plan.id}/edit")
        if "goal" in form.names
    )
    assert send(as_consultant, form, "draft", **{"line-0-amount": "Two drops"}).status_code == 303
    assert db.session.get(Plan, plan.id).version == 2
    versions = as_consultant.get(f"/admin/plans/{plan.id}/versions/2").text
    assert "Solenne Tone Serum: amount" in versions
    assert "Two drops" in versions
    again = send(as_consultant, form, "draft", **{"line-0-amount": "Four drops"})
    assert again.status_code == 409
    assert "Four drops" in again.text


def test_opening_a_builder_or_a_plan_is_written_down_as_a_reading(as_consultant, nora):
    plan = make_plan(nora)
    builder(as_consultant, nora)
    as_consultant.get(f"/admin/plans/{plan.id}")
    readings = db.session.execute(select(HealthReading.client_id, HealthReading.subject, HealthReading.why)).all()
    assert [tuple(row) for row in readings] == [(nora.id, "plan:new", "advice"), (nora.id, f"plan:{plan.id}", "advice")]


def test_a_plan_becomes_a_protocol_without_the_person(as_consultant, nora):
    plan = make_plan(
        nora, content(essential("tone-serum", why="For Nora alone"), habit("Shade")), consultant=as_consultant.user
    )
    answer = as_consultant.post(f"/admin/plans/{plan.id}/protocol", data={"name": "Mine", "shared": ""})
    assert answer.status_code == 303
    mine = db.session.scalars(select(Protocol).where(Protocol.name == "Mine")).one()
    assert (mine.owner_id, mine.is_shared, mine.concern) == (as_consultant.user.id, False, "pigmentation")
    assert "Nora" not in str(mine.content)
    form = builder(as_consultant, nora, mine.id)
    assert form.fields["line-0-sku"] == "SKU-TONE-SERUM"


def test_a_private_protocol_is_its_author_s_until_she_leaves(as_role, app, nora):
    author = making.make_consultant(email="leaving@clinic.example")
    mine = Protocol(
        name="Hers", content={"lines": []}, owner_id=author.id, is_shared=False, changed_at=author.made_at, changed_by="x"
    )
    db.session.add(mine)
    db.session.flush()
    browser = as_role("medical-lead")
    assert "Hers" not in browser.get(f"/admin/plans/new?client={nora.id}").text
    assert browser.get(f"/admin/plans/new?client={nora.id}&protocol={mine.id}").status_code == 404
    author.disabled_at = author.made_at
    assert "Hers" in browser.get(f"/admin/plans/new?client={nora.id}").text


def test_taking_back_ends_links_and_unlocks(as_consultant, nora):
    plan = make_plan(nora, content(line("cream"), making_package()))
    as_consultant.post(f"/admin/plans/{plan.id}/send", data={"seen": "1"})
    assert db.session.scalars(select(Unlock.ended_at)).all() == [None]
    as_consultant.post(f"/admin/plans/{plan.id}/withdraw")
    assert db.session.scalars(select(PlanLink.revoked_at)).one() is not None
    assert db.session.scalars(select(Unlock.ended_at)).one() is not None
    assert db.session.get(Plan, plan.id).state == "withdrawn"


def making_package():
    from shop.plans.lines import PACKAGE, Line

    return Line(kind=PACKAGE, name="", package="meso-pigmentation-4", role="essential")


def test_nothing_to_buy_today_is_sent_like_any_plan(as_consultant, nora):
    form = form_in(send(as_consultant, builder(as_consultant, nora), "look", nothing="y"))
    assert send(as_consultant, form, "send", nothing="y").status_code == 303
    assert db.session.scalars(select(PlanVersion.outcome)).one() == "nothing"


def test_the_list_costs_the_same_for_two_plans_and_for_twelve(as_consultant, nora, statements):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            make_plan(nora)
        as_consultant.get("/admin/plans")
        with statements() as count:
            assert as_consultant.get("/admin/plans").status_code == 200
        counts.append(len(count))
    assert counts[0] == counts[1]


def test_the_builder_costs_the_same_for_one_line_and_for_six(as_consultant, nora, statements):
    counts = []
    for protocol in ("0", making.melasma_4().id):
        builder(as_consultant, nora, protocol)
        form = builder(as_consultant, nora, protocol)
        form = form_in(send(as_consultant, form, "take:SKU-CALM-SERUM"))
        with statements() as count:
            send(as_consultant, form, "look")
        counts.append(len(count))
    assert counts[1] - counts[0] == 2  # the series: its price as it is typed, and as its client would see it
