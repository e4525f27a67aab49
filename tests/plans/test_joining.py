"""Two files of one person become one after a look at what would move: nothing is lost, allergies of both stay."""

from sqlalchemy import select

from shop.accounts.models import Client
from shop.core.db import db
from shop.core.history import history_of
from shop.intake.cupboards import add_product, items_of
from shop.intake.facts import facts_of
from shop.intake.subjects import Subject
from shop.plans.models import Plan
from tests.account.things import make_order, make_series
from tests.plans.making import avoid, make_plan, make_shelf
from tests.support import factories


def two_files():
    make_shelf()
    nora = factories.make_client(name="Nora Beck")
    guest = factories.make_client(user=None, name="N. Beck", phone="020 7946 0118")
    product = factories.make_product()
    for client, words in ((nora, "fish"), (guest, "limonene")):
        avoid(client, words)
        add_product(client.id, product.id)
        make_plan(client)
    make_series(guest)
    make_order(guest)
    db.session.commit()
    return nora, guest


def test_the_preview_counts_what_would_move_and_changes_nothing(app, as_admin):
    nora, guest = two_files()
    page = as_admin.get(f"/admin/clients/{nora.id}/join?with={guest.id}").text
    assert "1 orders" in page
    assert "1 plans" in page
    assert "limonene" not in page.lower()
    assert db.session.get(Client, guest.id).erased_at is None


def test_joining_moves_everything_and_adds_allergies_up(app, as_admin):
    nora, guest = two_files()
    answer = as_admin.post(f"/admin/clients/{nora.id}/join", data={"with": str(guest.id)})
    assert answer.status_code == 303
    db.session.expire_all()
    assert set(facts_of(Subject(client_id=nora.id)).allergies) == {"fish", "limonene"}
    assert {plan.client_id for plan in db.session.scalars(select(Plan))} == {nora.id}
    assert len(items_of([nora.id])) == 1
    assert db.session.get(Client, nora.id).phone == "020 7946 0118"
    gone = db.session.get(Client, guest.id)
    assert (gone.erased_at is not None, gone.name, gone.email) == (True, "", "")
    assert history_of(f"client:{nora.id}")[-1].note == f"file {guest.id}"
    assert as_admin.get(f"/admin/clients/{guest.id}").status_code == 404
    assert as_admin.post(f"/admin/clients/{nora.id}/join", data={"with": str(guest.id)}).status_code == 404


def test_a_file_with_a_sign_in_never_goes_and_a_file_is_not_joined_with_itself(app, as_admin):
    nora, guest = two_files()
    refused = as_admin.post(f"/admin/clients/{guest.id}/join", data={"with": str(nora.id)})
    assert refused.status_code == 422
    assert "the other way round" in refused.text
    assert as_admin.post(f"/admin/clients/{nora.id}/join", data={"with": str(nora.id)}).status_code == 422
    assert db.session.get(Client, nora.id).erased_at is None
