"""A consultant sees her own clients and those that are nobody's, where the clinic chose so; what ends, ends with the next page."""

from datetime import time

import pytest

from shop.accounts.assigning import assign, unassign
from shop.core import clock
from shop.core.db import db
from shop.core.settings import change_setting
from shop.plans.sending import send_plan
from tests.plans.making import make_consultant, make_plan, make_shelf
from tests.support import factories


@pytest.fixture
def clients(app, as_consultant):
    """(hers, nobody's, a colleague's) with a plan each."""
    make_shelf()
    colleague = make_consultant(email="colleague@clinic.example", name="Ada Colleague")
    hers, nobodys, theirs = (factories.make_client(name=name) for name in ("Hers Own", "Nobodys Own", "Theirs Own"))
    assign(hers.id, as_consultant.user.id, by="the tests")
    assign(theirs.id, colleague.id, by="the tests")
    for client in (hers, nobodys, theirs):
        send_plan(make_plan(client, consultant=colleague), by="user:1", seen=1)
    db.session.commit()
    return hers, nobodys, theirs


def bind():
    change_setting("clients.own_only", True, by="the tests")
    db.session.commit()


def answers_for(browser, client):
    paths = (f"/admin/clients/{client.id}", f"/admin/plans/new?client={client.id}", f"/admin/answers/clients/{client.id}")
    return [browser.get(path).status_code for path in paths]


def test_by_default_every_consultant_sees_everybody(clients, as_consultant):
    assert [answers_for(as_consultant, one) for one in clients] == [[200, 200, 200]] * 3


def test_a_colleague_s_client_is_not_there_once_the_clinic_chose_so(clients, as_consultant):
    bind()
    assert [answers_for(as_consultant, one) for one in clients] == [[200] * 3, [200] * 3, [404] * 3]
    for path in ("/admin/clients", "/admin/plans", "/admin/plans/waiting", "/admin/clients?q=own"):
        page = as_consultant.get(path).text
        assert "Theirs Own" not in page
    assert "Hers Own" in as_consultant.get("/admin/plans").text


def test_every_act_on_a_colleague_s_plan_is_refused_and_changes_nothing(clients, as_consultant):
    bind()
    plan = make_plan(clients[2])
    db.session.commit()
    for act in ("send", "withdraw", "links/revoke", "answer", "protocol", "reviewed", "edit"):
        answer = as_consultant.post(
            f"/admin/plans/{plan.id}/{act}", data={"seen": "1", "cause": "x" * 20, "words": "Hi", "name": "N"}
        )
        assert answer.status_code == 404, act
    assert as_consultant.post("/admin/plans/new", data={"client": str(clients[2].id), "act": "look"}).status_code == 404
    db.session.refresh(plan)
    assert plan.state == "draft"


def owned_by(client):
    """A visit, an order, a case and a set of answers of one client, each with its address at the desk."""
    from shop.cases.opening import open_case
    from tests.account.things import make_order, make_screening, make_series, make_visit

    today = clock.at_local(clock.today(), time(8 + client.id % 12))
    visit, order = make_visit(client, starts_at=today, number=f"V-{client.id}", uid=f"u{client.id}"), make_order(client)
    series = make_series(client)
    case = open_case("complaint", client_id=client.id, cause=f"c{client.id}", by="user:1", words="Late.")
    answers = make_screening(client, {"pregnant": "no"})
    db.session.commit()
    return [
        f"/admin/visits/{visit.number}",
        f"/admin/orders/{order.number}",
        f"/admin/cases/{case.id}",
        f"/admin/answers/{answers.id}?why=asked",
        f"/admin/clients/{client.id}/sessions/{series.code}",
        f"/admin/clients/{client.id}/history",
        f"/admin/clients/{client.id}/diary",
        f"/admin/visits/new?client={client.id}",
    ]


def test_it_holds_on_visits_orders_cases_and_answers_too(clients, as_consultant, as_role):
    addresses = [owned_by(client) for client in clients]
    assert [[as_consultant.get(path).status_code for path in mine] for mine in addresses] == [[200] * 8] * 3
    bind()
    assert [[as_consultant.get(path).status_code for path in mine] for mine in addresses] == [
        [200] * 8,
        [200] * 8,
        [404] * 8,
    ]
    lead = as_role("medical-lead")
    assert [lead.get(path).status_code for path in addresses[2] if "/orders/" not in path] == [200] * 7


def test_no_list_of_the_desk_names_a_colleague_s_client(clients, as_consultant):
    for client in clients:
        owned_by(client)
    bind()
    lists = ("/admin/visits", "/admin/orders", "/admin/cases", "/admin/answers?q=own", "/admin/visits/new?q=own", "/admin")
    named = ""
    for path in lists:
        page = as_consultant.get(path).text
        assert "Theirs Own" not in page, path
        named += page
    assert "Hers Own" in named


def test_no_act_reaches_a_colleague_s_client_by_its_body(clients, as_consultant):
    bind()
    theirs = clients[2]
    paths = ("/admin/visits/new", "/admin/visits/waiting", "/admin/cases/new")
    for path in paths:
        assert as_consultant.post(path, data={"client": str(theirs.id), "what": "consultation"}).status_code == 404, path
    assert as_consultant.post(f"/admin/clients/{clients[0].id}/join", data={"with": str(theirs.id)}).status_code == 404


def test_who_is_unassigned_loses_the_client_with_the_next_request(clients, as_consultant):
    bind()
    colleague = make_consultant(email="third@clinic.example")
    assign(clients[0].id, colleague.id, by="the tests")
    db.session.commit()
    assert as_consultant.get(f"/admin/clients/{clients[0].id}").status_code == 200
    unassign(clients[0].id, as_consultant.user.id, by="the tests")
    db.session.commit()
    assert as_consultant.get(f"/admin/clients/{clients[0].id}").status_code == 404


def test_others_than_consultants_are_not_bound(clients, as_role):
    bind()
    assert as_role("medical-lead").get(f"/admin/clients/{clients[2].id}").status_code == 200
    assert as_role("desk").get(f"/admin/clients/{clients[2].id}").status_code == 200


def test_a_client_is_shared_from_her_file(clients, as_consultant):
    bind()
    path = f"/admin/clients/{clients[0].id}"
    other = make_consultant(email="fourth@clinic.example", name="Fay Fourth")
    assert as_consultant.post(f"{path}/consultants", data={"consultant": str(other.id)}).status_code == 303
    assert "End<span" in as_consultant.get(path).text
    assert as_consultant.post(f"{path}/consultants", data={"consultant": "999999"}).status_code == 422
    as_consultant.post(f"{path}/consultants", data={"end": str(other.id)})
    assert as_consultant.get(path).text.count("End<span") == 1


def test_the_file_shows_one_line_of_time_with_what_the_reader_may_see(clients, as_consultant, as_role):
    from tests.account.things import make_order, make_series

    hers = clients[0]
    make_order(hers, number="AG-77001")
    make_series(hers)
    page = as_consultant.get(f"/admin/clients/{hers.id}").text.partition("Timeline")[2]
    assert "Order AG-77001" in page
    assert "6 sessions" in page
    assert "Plan, sent" in page
    desk = as_role("desk").get(f"/admin/clients/{hers.id}").text.partition("Timeline")[2]
    assert "Plan, sent" not in desk


def test_the_file_costs_the_same_for_one_order_and_for_eight(clients, as_consultant, statements):
    from tests.account.things import make_order

    counts = []
    for more in (1, 7):
        for _ in range(more):
            make_order(clients[0])
        as_consultant.get(f"/admin/clients/{clients[0].id}")
        with statements() as count:
            as_consultant.get(f"/admin/clients/{clients[0].id}")
        counts.append(len(count))
    assert counts[0] == counts[1]
