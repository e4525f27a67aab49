"""Row 17: a brand adds LIMONENE: the allergic client hears before ordering again, and the plan shows what changed."""

from sqlalchemy import select

from shop.accounts.models import User
from shop.catalog.models import Product
from shop.catalog.reformulating import lists_changed
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.plans.answering import decline
from shop.plans.models import Plan
from shop.plans.sending import send_plan
from tests.plans.making import CALM, avoid, content, essential, make_plan, make_shelf
from tests.support import factories
from tests.support.people import browser_of

NOW = CALM + ", Limonene"


def sent_to(*allergies):
    client = factories.make_client()
    if allergies:
        avoid(client, *allergies)
    send_plan(make_plan(client, content(essential("cream"))), by="user:1", seen=1)
    return client


def add_limonene():
    cream = db.session.scalars(select(Product).where(Product.slug == "cream")).one()
    cream.inci = NOW
    lists_changed([(cream.id, CALM, NOW)])
    db.session.commit()


def test_only_whom_it_concerns_hears_that_a_list_has_changed_and_not_why(app, mailbox):
    make_shelf()
    allergic, calm, said_no = sent_to("limonene"), sent_to(), sent_to("limonene")
    decline(db.session.scalars(select(Plan).where(Plan.client_id == said_no.id)).one(), "price", by="client")
    add_limonene()
    letter = mailbox.last(allergic.email)
    assert letter.subject == "A note about your plan from Linden Row Skin Clinic"
    assert "limonene" not in letter.text.lower()
    assert "/plan/" in letter.text
    for other in (calm, said_no):
        assert [mail.subject for mail in mailbox.to(other.email)] == ["Your plan from Linden Row Skin Clinic"]
    entry = db.session.scalars(select(AttentionEntry).where(AttentionEntry.kind == "reformulation")).one()
    assert "2 open plans" in entry.reason


def test_the_plan_shows_the_difference_to_everybody_and_leaves_it_out_for_the_allergic(app, mailbox):
    make_shelf()
    allergic, calm = sent_to("limonene"), sent_to()
    add_limonene()
    changed = "The list of Solenne Cream has changed: it now also holds Limonene."
    for client, is_left_out in ((allergic, True), (calm, False)):
        page = browser_of(db.session.get_one(User, client.user_id), app=app, person=client).get("/plan").text
        assert changed in page
        assert ("Solenne Cream was left out" in page) is is_left_out
