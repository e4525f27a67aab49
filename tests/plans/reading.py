"""Plans as their reader finds them: signed in, by a link, with what must not be read."""

from sqlalchemy import select

from shop.accounts.models import User
from shop.core.db import db
from shop.plans.lines import PACKAGE, Line
from shop.plans.models import PlanEvent
from shop.plans.sending import send_plan
from tests.plans.making import content, essential, habit, line, make_plan
from tests.support.people import browser_of

WHY = "For uneven tone: Tranexamic Acid, second in the full ingredient list."
SECRETS = ("Calmer patches", WHY, "Slowly at first", "Shade at noon", "Nora")


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
