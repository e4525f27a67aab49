"""“Treated” waits for answers, for a signature under each treatment and add-on, and for a trial on the skin where one is asked for."""

from __future__ import annotations

import pytest

from shop.catalog.models import Treatment
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.texts import publish
from shop.intake import answering, consenting, patch_testing
from shop.intake.subjects import Subject
from shop.visits.attending import extras_of, treat
from shop.wallet.models import Credit
from tests.intake.test_answering import TREATMENT, calm
from tests.support.forms import forms
from tests.visits.clinic import at, book_at, open_clinic

pytestmark = pytest.mark.usefixtures("screened")


@pytest.fixture
def visit(clock, as_client):
    """Today at 14:00, with a peel; answers are there, nothing is signed and nothing was tried."""
    publish("consent-treatment", title="Consent", body_md="Needles.", by="test")
    credit = open_clinic(client=as_client.person, addons=["peel"])
    db.session.get(Treatment, credit.treatment_id).slug = TREATMENT
    answering.save(Subject(client_id=as_client.person.id), TREATMENT, calm(), consent_version=1)
    db.session.commit()
    return book_at(credit, "2026-03-02", 14)


def sign(visit, *abouts):
    for about in abouts:
        version = consenting.kinds_for([about])[about].version
        consenting.sign(visit.client_id, about, version=version, name="Nora Beck", by="user:1")
    db.session.commit()


def peel(visit):
    return [extra.id for extra in extras_of(visit)]


def used(visit):
    db.session.expire_all()
    return db.session.get(Credit, visit.credit_id).used


def test_without_a_signature_nobody_is_treated(visit):
    with pytest.raises(Refused, match="consent for this treatment is not signed"):
        treat(visit, by="user:1")
    db.session.rollback()
    assert used(visit) == 0
    sign(visit, f"treatment:{TREATMENT}")
    treat(visit, by="user:1")
    assert used(visit) == 1


def test_an_add_on_needs_its_own_signature_and_a_clear_trial(visit, clock):
    sign(visit, f"treatment:{TREATMENT}")
    with pytest.raises(Refused, match=r"The consent for peel is not signed\. Trial for peel: none was made\."):
        treat(visit, by="user:1", extras=peel(visit))
    db.session.rollback()
    sign(visit, "addon:peel")
    clock.move_to(at("2026-02-25"))
    test = patch_testing.place(visit.client_id, "addon:peel", by="user:1")
    clock.move_to(at("2026-03-02", 14))
    patch_testing.read(test.id, client_id=visit.client_id, result="reaction", by="user:1")
    db.session.commit()
    with pytest.raises(Refused, match="a person decides by its result"):
        treat(visit, by="user:1", extras=peel(visit))
    db.session.rollback()
    treat(visit, by="user:1")  # without the peel
    assert used(visit) == 1


def test_answers_that_are_missing_or_speak_against_it_block_too(visit, as_client):
    sign(visit, f"treatment:{TREATMENT}")
    answering.save(Subject(client_id=as_client.person.id), TREATMENT, calm(pregnant="yes"), consent_version=1)
    db.session.commit()
    with pytest.raises(Refused, match="answers speak against it"):
        treat(visit, by="user:1")


def test_the_card_says_what_is_missing_and_leads_to_the_tablet(visit, as_role, client):
    treating, desk = as_role("practitioner"), as_role("desk")
    path = f"/admin/visits/{visit.number}"
    page = treating.get(path).text
    link = f"/admin/answers/clients/{visit.client_id}/consents/treatment:{TREATMENT}"
    assert "The consent for peel is not signed." in page
    assert link in page
    assert link not in desk.get(path).text
    refused = treating.post(f"{path}/treated", data={"extra": []})
    assert refused.status_code == 422
    assert "Settle that first" in refused.text
    form = next(form for form in forms(treating.get(link).text, here=link) if "signed_name" in form.names)
    answer = treating.post(form.action or link, data=form.fields | {"signed_name": "Nora Beck", "agreed": "y"})
    assert answer.status_code == 303
    assert treating.post(f"{path}/treated").status_code == 303
    assert used(visit) == 1


def test_a_talk_needs_nothing(clock, as_client):
    from shop.visits.booking import Choice, book
    from shop.visits.matters import free_matter

    open_clinic(client=as_client.person)
    matter = free_matter("consultation", client_id=as_client.person.id)
    talk = book(matter, Choice(starts_at=at("2026-03-02", 14)), cause="c", by="client:1")
    treat(talk, by="user:1")
    assert talk.state == "done"
