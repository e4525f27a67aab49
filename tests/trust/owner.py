"""A client who owns one of everything that has an address, each with a word by which its bytes are known again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import or_, select
from werkzeug.routing import AnyConverter, Rule

from shop.accounts.models import Client, SignIn
from shop.accounts.wanting import stop_link
from shop.bag import cards
from shop.bag.models import Bag, BagLine
from shop.cases.opening import open_case
from shop.catalog.models import Treatment
from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import Base, db
from shop.core.history import record
from shop.core.texts import publish
from shop.intake import changes, cupboards, diary, drafting, facts, notes, papers, patch_testing
from shop.intake.models import ChangeCheck, InformedConsent
from shop.intake.models.diary import PURPOSES
from shop.intake.showing_pictures import link_token
from shop.intake.subjects import Subject
from shop.orders.invoicing import issue_invoice
from shop.orders.models import Order, Parcel, Withdrawal
from shop.orders.onto_cards import card_link
from shop.payments.models import Refund
from shop.reviews.models import Review
from shop.storefront import noticing
from shop.storefront.requesting import request_consultation
from shop.visits.links import feed_link, open_feed, visit_token
from shop.visits.models import TreatmentRecord
from tests.account.things import make_order, make_screening, make_series, make_visit
from tests.admin.test_pictures import photograph
from tests.plans.making import content, habit, make_plan
from tests.support.browsing import InspectingClient
from tests.support.factories import make_address, make_client, make_product, make_user, make_variant
from tests.support.people import browser_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
# A sign-in tells when it was seen last; its owner's own requests move it. A reading of health data is written down.
MOVING = {"sign_in", "health_reading"}


@dataclass(frozen=True)
class Marks:
    """Words that stand nowhere else: what of them is found in an answer belongs to this client."""

    key: str
    name: str
    street: str
    email: str
    phone: str
    friend: str

    @property
    def personal(self) -> tuple[str, ...]:
        return (self.name, self.street, self.email, self.phone, self.friend, self.said("note"), self.said("review"))

    @property
    def health(self) -> tuple[str, ...]:
        """What only those who treat may read."""
        told = ("medicine", "draft", "allergy", "bottle", "goal", "habit", "diary")
        return tuple(map(self.said, (*told, "record", "trial", "case", "remark")))

    def said(self, what: str) -> str:
        return f"{self.key} {what}"


CANARY = Marks("canary", "Canarina Alderwick", "Canary Mews 7", "canarina@example.org", "020 7946 0777", "Canute Finch")
DUNNOCK = Marks("dunnock", "Dunnocka Barrowby", "Dunnock Yard 9", "dunnocka@example.net", "020 7946 0888", "Duncan Wren")
NAME, STREET, EMAIL, PHONE, MEDICINE = CANARY.name, CANARY.street, CANARY.email, CANARY.phone, CANARY.said("medicine")


@dataclass(frozen=True)
class Owner:
    """`values` holds what may stand for an argument of an address; `words` what nobody else may read.

    `links` are addresses with a signed token: who holds one is let in, so nobody else is given them.
    """

    marks: Marks
    browser: InspectingClient
    client_id: int
    user_id: int
    values: dict[str, tuple[Any, ...]]
    words: tuple[str, ...]
    links: dict[str, tuple[str, ...]]

    def addresses(self, rule: Rule, *, links: bool = False) -> Iterator[str]:
        """Every address of a route that could be about this client; with `links` those with a valid token too."""
        names = sorted(rule.arguments)
        values = {name: self.values.get(name, ("none",)) + (self.links.get(name, ()) if links else ()) for name in names}
        values |= {
            name: tuple(sorted(way.items)) for name, way in rule._converters.items() if isinstance(way, AnyConverter)
        }
        for chosen in product(*(values[name] for name in names)):
            built = rule.build(dict(zip(names, chosen, strict=True)), append_unknown=False)
            if built:
                yield built[1]

    def beside(self, other: Owner) -> Owner:
        """The same client with the other's ids next to its own: one's number and the other's code in one address."""
        values = {name: tuple(dict.fromkeys((*mine, *other.values[name]))) for name, mine in self.values.items()}
        return replace(self, values=values)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the database holds of this client, table by table."""
        db.session.rollback()
        orders = list(db.session.scalars(select(Order.id).where(Order.client_id == self.client_id)))
        numbers = list(db.session.scalars(select(Order.number).where(Order.client_id == self.client_id)))
        own = {"client_id": [self.client_id], "user_id": [self.user_id], "order_id": orders, "order_number": numbers}
        found = {}
        for table in Base.metadata.sorted_tables:
            whose = [table.c[name].in_(ids) for name, ids in own.items() if name in table.c]
            if whose and table.name not in MOVING:
                found[table.name] = sorted(map(tuple, db.session.execute(select(table).where(or_(*whose)))), key=repr)
        db.session.rollback()
        return found


def make_owner(app: Flask, marks: Marks = CANARY) -> Owner:
    """Needs an application context and the texts of the shop; commits."""
    key = marks.key.upper()
    user = make_user(email=marks.email, name=marks.name)
    person = make_client(user=user, name=marks.name, email=marks.email, phone=marks.phone)
    address = make_address(person, name=marks.name, line1=marks.street)
    order, gift, withdrawal = _orders(person, marks, key)
    invoice = issue_invoice(order)
    credit, paused = make_series(person), make_series(person, frozen_on=clock.today() - timedelta(days=3))
    ahead, done = _visits(person, marks, key)
    screening = make_screening(person, {"medicines": marks.said("medicine")})
    check = _check(person, ahead.number)
    letter = papers.keep(PNG, purpose="letter", client_id=person.id, screening_id=screening.id)
    kept = _care(person, marks, letter.id)
    plan = make_plan(person, replace(content(habit(marks.said("habit"))), goal=marks.said("goal")))
    case = open_case(
        "reaction_session", client_id=person.id, cause=f"case:{key}", by=f"client:{person.id}", words=marks.said("case")
    )
    asked = request_consultation("visit", name=marks.name, email=marks.email, about={"words": marks.said("wish")})
    entry = raise_entry(
        "payment.mismatch", subject=f"order:{order.number}", reason=marks.said("note"), what_to_do="Look.", key=key
    )
    given = {"for_name": marks.friend, "from_name": marks.name, "message": marks.said("note")}
    card = cards.issue(5000, currency="GBP", cause=f"card:{key}", by="user:1", order_number=order.number, **given)
    sold_out = make_variant(make_product(stock=0), in_stock=False)
    noticed = noticing.ask_for(sold_out.sku, email=marks.email)
    review = _review(person, marks)
    line, feed = _line_in_bag(user.id), open_feed(person.id)
    db.session.commit()
    browser = browser_of(user, app=app, person=person)
    sign_in = db.session.scalar(select(SignIn.id).where(SignIn.user_id == user.id))
    rows = (
        address,
        order,
        gift,
        credit,
        paused,
        ahead,
        done,
        screening,
        case,
        plan,
        asked,
        person,
        user,
        check,
        card,
        review,
        *kept,
    )
    ids = {row.id for row in rows} | {line, sign_in, entry.id if entry else 1, review.product_id, 1, 2}
    values = {
        "number": (order.number, gift.number, ahead.number, done.number),
        "id": tuple(sorted(ids)),
        "line_id": tuple(sorted({line, *(row.id for row in kept), 1})),
        "code": (credit.code, paused.code, withdrawal.code),
        "paper": (invoice.number,),
        "token": (order.number, ahead.uid, credit.code),
        "treatment": ("meso-lines",),
        "package": ("meso-lines-6",),
        "slug": ("calm-serum", "meso-lines", "meso-lines-6", "fine-lines", "solenne", "ada"),
        "about": ("treatment:meso-lines", "addon:peel"),
        "book": ("screening", "windows"),
        "rule": ("isotretinoin-6-months", "retinoid"),
        "group": ("clinic",),
        "kind": ("terms",),
        "end": ("close", "drop"),
        "turn": ("aside", "release"),
    }
    named = (
        order.number,
        gift.number,
        invoice.number,
        credit.code,
        paused.code,
        withdrawal.code,
        ahead.number,
        done.number,
    )
    wish = marks.said("wish")  # sealed: nobody but its reader at the clinic is ever shown it
    words = (*marks.personal, *marks.health, wish, *named, ahead.uid, done.uid, letter.name)
    feed_token = feed_link(feed).rsplit("/", 1)[1].removesuffix(".ics")
    tokens = (visit_token(ahead), visit_token(done), feed_token, changes.token_of(check), letter.name, noticed)
    tokens += (card_link(card).rsplit("/", 1)[1], link_token(kept[2].id), stop_link(person.id, "reviews").rsplit("/", 1)[1])
    owner = Owner(marks, browser, person.id, user.id, values, words, {"token": tokens})
    db.session.commit()
    return owner


def _orders(person: Client, marks: Marks, key: str) -> tuple[Order, Order, Withdrawal]:
    place = {"line1": marks.street, "city": "London", "postcode": "N1 9GU", "country": "GB"}
    facts_of = {"name": marks.name, "email": marks.email, "phone": marks.phone, "address": place}
    order = make_order(person, number=f"AG-{key}1", fulfilment="open", **facts_of)
    friend = {"name": marks.friend, "email": f"friend.{marks.email}"}
    gift = make_order(person, number=f"AG-{key}2", for_someone=friend, **facts_of)
    now = clock.now()
    parcel = {"delivery": "ship", "state": "left", "tracking": f"{key}TRACK", "lines": [], "by": "user:1", "made_at": now}
    db.session.add(Parcel(order_id=order.id, cause=f"parcel:{key}", left_at=now, **parcel))
    lists: dict[str, list[Any]] = {name: [] for name in ("chosen", "said", "parts", "waiting")}
    sums = dict.fromkeys(("refund_minor", "waiting_minor", "goodwill_minor", "vat_minor"), 0)
    rest = {"currency": "GBP", "rule": "uk", "version": "1", "reason": marks.said("note"), "by": "user:1", "made_at": now}
    withdrawal = Withdrawal(order_id=gift.id, code=f"W{key}", cause=f"withdrawal:{key}", **lists, **sums, **rest)
    went = {"tender": "stripe", "amount_minor": 100, "currency": "GBP", "parts": [], "by": "user:1", "state": "failed"}
    refund = Refund(order_number=gift.number, cause=f"refund:{key}", reason=marks.said("note"), **went)
    refund.requested_at = refund.changed_at = now
    db.session.add_all([withdrawal, refund])
    record(f"order:{order.number}", axis="note", was=None, now=None, by="user:1", note=marks.said("note"))
    db.session.flush()
    return order, gift, withdrawal


def _visits(person: Client, marks: Marks, key: str) -> tuple[Any, Any]:
    treatment = db.session.scalars(select(Treatment.id).where(Treatment.slug == "meso-lines")).one()
    days, now = timedelta(days=9), clock.now()
    ahead = make_visit(person, starts_at=now + days, number=f"V-{key}1", uid=f"{marks.key}-ahead", treatment_id=treatment)
    past = {"state": "done", "session": "used", "kind": "session", "treatment_id": treatment}
    past |= {"arrived_at": now - days, "done_at": now - days, "credit_id": make_series(person).id}
    done = make_visit(person, starts_at=now - days, number=f"V-{key}2", uid=f"{marks.key}-done", **past)
    content = {"reaction": marks.said("record"), "notes": marks.said("record"), "solutions": []}
    facts_of = {"client_id": person.id, "content": content, "saved_by": "user:1", "saved_at": now, "finished_at": now}
    db.session.add(TreatmentRecord(visit_id=done.id, **facts_of))
    db.session.flush()
    return ahead, done


def _check(person: Client, number: str) -> ChangeCheck:
    starts = clock.now() + timedelta(days=2)
    check = ChangeCheck(visit_number=number, client_id=person.id, treatment="meso-lines", starts_at=starts)
    check.asked_at = clock.now()
    db.session.add(check)
    db.session.flush()
    return check


def _care(person: Client, marks: Marks, photo_id: int) -> tuple[Any, ...]:
    """Allergies, a draft, a thing at home with its label, a trial and a signature."""
    subject, now = Subject(client_id=person.id), clock.now()
    facts.change_allergies(subject, [marks.said("allergy")], by=f"client:{person.id}")
    drafting.keep(subject, "meso-lines", {"anything_else": marks.said("draft")})
    thing = cupboards.add_typed(person.id, name=marks.said("bottle"), inci="Aqua, Retinol")
    thing.photo_id = photo_id
    trial = patch_testing.place(person.id, "addon:peel", by="user:1")
    trial.content = {"result": "reaction", "note": marks.said("trial")}
    publish("consent-treatment", title="About your treatment", body_md="Please read.", by="the tests")
    signed = {
        "text_kind": "consent-treatment",
        "text_version": 1,
        "signed_name": marks.name,
        "signed_at": now,
        "by": "client",
    }
    notes.write_note(person.id, marks.said("remark"), by="user:1", cause=marks.key)
    photo = diary.plain(photograph())
    noted = diary.write_entry(
        person.id, day=clock.today(), by="client", photo=photo, words=marks.said("diary"), purposes=PURPOSES
    )
    consent = InformedConsent(client_id=person.id, about="treatment:meso-lines", **signed)
    db.session.add(consent)
    db.session.flush()
    return thing, trial, noted, consent


def _review(person: Client, marks: Marks) -> Review:
    """Waits to be read; the product is none that others buy."""
    now, product = clock.now(), make_product()
    words = {"stars": 2, "text": marks.said("review"), "shown_name": marks.name, "turn": 1}
    review = Review(product_id=product.id, client_id=person.id, state="waiting", made_at=now, changed_at=now, **words)
    db.session.add(review)
    db.session.flush()
    return review


def _line_in_bag(user_id: int) -> int:
    bag = Bag(user_id=user_id, made_at=clock.now())
    db.session.add(bag)
    db.session.flush()
    line = BagLine(bag_id=bag.id, variant_id=make_variant().id, quantity=1, addons={}, made_at=clock.now())
    db.session.add(line)
    db.session.flush()
    return line.id
