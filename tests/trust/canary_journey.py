"""One client's whole way through the clinic, with a word planted wherever something about health can be written."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from flask import Flask, request, request_finished
from sqlalchemy import select

from shop.accounts.models import Client
from shop.cases.models import Case
from shop.core.db import db
from shop.core.texts import publish
from shop.intake import consenting
from shop.intake.models import PatchTest, Screening
from shop.intake.signing import sign
from shop.starting import publish_first_texts
from shop.visits.attending import arrive
from shop.visits.links import find_feed, visit_link
from shop.visits.models import Visit
from shop.wallet.models import Credit
from tests.intake.test_answering import TREATMENT, calm
from tests.support.browsing import InspectingClient
from tests.support.factories import make_concern, make_link, make_package, make_product, make_treatment
from tests.support.journeys import buy
from tests.support.mailbox import Mailbox
from tests.support.paying import StandIn
from tests.support.people import browser_of, browser_of_staff
from tests.visits.clinic import at, book_at, make_practitioner, make_room

CANARY = "canary"
PNG = b"\x89PNG\r\n\x1a\n canaryphoto"
PDF = b"%PDF-1.7 canaryletter"
AGAINST = ("pregnan", "isotretinoin")  # words of reasons and answers that decide
# Where a word was planted; each must be found again inside, or the test proves nothing.
PLANTED = (
    "medicines", "anythingelse", "allergy", "letter", "reviewnote", "signature", "patchnote", "cupboardname", "cupboardlist",
    "solution", "recordnote", "reactionwords", "report", "photo", "casenote", "outcome", "shelfphoto",
)  # fmt: skip


@dataclass
class Clinic:
    """Who takes part, and every address that was asked for or answered with."""

    app: Flask
    client: InspectingClient
    staff: InspectingClient
    standin: StandIn
    mailbox: Mailbox
    clock: Any
    urls: list[str] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)

    def again(self) -> None:
        """Weeks later both sign in anew."""
        self.client = browser_of(self.client.user, app=self.app, person=self.client.person)
        self.staff = browser_of(self.staff.user, app=self.app)

    def look(self, browser: InspectingClient, path: str) -> str:
        answer = browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def send(self, browser: InspectingClient, path: str, **data: Any) -> Any:
        kind = {"content_type": "multipart/form-data"} if any(isinstance(value, tuple) for value in data.values()) else {}
        answer = browser.post(path, data=data, **kind)
        assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text[:3000]}"
        return answer


def open_clinic(app: Flask, client: InspectingClient, standin: StandIn, mailbox: Mailbox, clock: Any) -> Clinic:
    clinic = Clinic(app, client, browser_of_staff("medical-lead", app), standin, mailbox, clock)
    publish_first_texts(by="the tests")
    publish("consent-treatment", title="Consent", body_md="Needles.", by="the tests")
    treatment = make_treatment(TREATMENT)
    make_package(treatment, sessions=1, slug="one-session", validity_days=365)
    make_link(make_product(slug="calm-serum", inci="Aqua, Glycerin", stock=5), make_concern("hydration"))
    make_room()
    make_practitioner(treatment)
    sign(TREATMENT, by="user:1")
    db.session.commit()
    _listen(clinic)
    return clinic


def walk(clinic: Clinic) -> Visit:
    """Answers, purchase, visit, record, late reaction, e-mails, feed; returns the visit."""
    _answer(clinic)
    _at_home(clinic)
    visit = _buy_and_book(clinic)
    _change_and_sign(clinic, visit)
    _treat(clinic, visit)
    _react(clinic, visit)
    _look_around(clinic, visit)
    list(clinic.mailbox)
    return visit


def _listen(clinic: Clinic) -> None:
    def note_address(_: Flask, response: Any, **__: Any) -> None:
        clinic.urls.extend([request.full_path, response.headers.get("Location", ""), request.referrer or ""])

    clinic.note = note_address  # type: ignore[attr-defined] (signals hold their hearers weakly)
    request_finished.connect(note_address, clinic.app)
    shown = clinic.standin.app.wsgi_app

    def keep(environ: Any, start: Any) -> Any:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        clinic.asked.append(f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING')}".encode() + body)
        return shown(environ, start)

    clinic.standin.app.wsgi_app = keep  # type: ignore[method-assign]


def _answer(clinic: Clinic) -> None:
    told = {"medicines": "canarymedicines", "anything_else": "canaryanythingelse"}
    path = f"/screening/{TREATMENT}"
    clinic.look(clinic.client, path)
    assert clinic.client.post(f"{path}/draft", data=calm(**told) | {"consent": "y"}).status_code == 200
    pregnant = calm(**told, pregnant="yes") | {"consent": "y"}
    assert clinic.client.post(path, data=pregnant | {"adult": ""}).status_code == 422
    clinic.send(clinic.client, path, **pregnant)
    clinic.look(clinic.client, path)
    clinic.send(clinic.client, f"{path}/letter", file=(io.BytesIO(PDF), "canary of my doctor.pdf"))
    clinic.send(clinic.client, f"{path}/again")
    screening = db.session.scalars(select(Screening).order_by(Screening.id.desc())).first()
    assert screening is not None
    clinic.look(clinic.staff, f"/admin/answers/{screening.id}?why=asked")
    clinic.send(
        clinic.staff, f"/admin/answers/{screening.id}", verdict="stands", note="canaryreviewnote pregnant", why="asked"
    )
    clinic.send(clinic.client, path, **(calm(**told) | {"consent": "y"}))
    clinic.send(clinic.client, "/account/privacy/allergies", allergies="limonene\ncanaryallergy")


def _at_home(clinic: Clinic) -> None:
    clinic.send(
        clinic.client,
        "/account/cupboard",
        name="canarycupboardname",
        inci="Aqua, Retinol, canarycupboardlist",
        step="treat",
    )
    clinic.send(
        clinic.client,
        "/account/cupboard",
        name="a jar",
        inci="",
        photo=(io.BytesIO(PNG.replace(b"photo", b"shelfphoto")), "canary.png"),
    )
    clinic.look(clinic.client, "/account/routine")


def _buy_and_book(clinic: Clinic) -> Visit:
    clinic.look(clinic.client, "/packages/one-session")
    buy(clinic.client, clinic.standin, package="one-session", quantity=1)
    list(clinic.mailbox)
    credit = db.session.scalars(select(Credit).where(Credit.kind == "sessions")).one()
    return book_at(credit, "2026-03-10", asked_early=True)


def _change_and_sign(clinic: Clinic, visit: Visit) -> None:
    clinic.clock.move_to(at("2026-03-08", 11))
    clinic.again()
    [mail] = [mail for mail in clinic.mailbox if "/changed/" in mail.text]
    link = mail.link("/changed/")
    clinic.look(clinic.client, link)
    assert clinic.client.post(link, data={"nothing": "y"}).status_code == 200
    about = f"treatment:{TREATMENT}"
    version = consenting.kinds_for([about])[about].version
    clinic.send(
        clinic.client, f"/account/consents/{about}", signed_name="Nora canarysignature", agreed="y", version=version
    )
    path = f"/admin/answers/clients/{visit.client_id}"
    clinic.look(clinic.staff, f"{path}?why=visit")
    clinic.send(clinic.staff, f"{path}/trials", about=about, placed_on="2026-03-08", why="visit")
    test = db.session.scalars(select(PatchTest)).one()
    clinic.clock.move_to(at("2026-03-10", 10))
    clinic.again()
    clinic.send(clinic.staff, f"{path}/trials/{test.id}", result="clear", note="canarypatchnote", why="visit")


def _treat(clinic: Clinic, visit: Visit) -> None:
    arrive(db.session.get_one(Visit, visit.id), by="user:1")
    db.session.commit()
    path = f"/admin/visits/{visit.number}"
    clinic.look(clinic.staff, path)
    clinic.send(clinic.staff, f"{path}/treated")
    record = {"revision": "0", "areas": "forehead", "solution": "canarysolution", "ingredients": "Aqua", "lot": "LOT-9"}
    record |= {"reaction": "mild", "reaction_words": "canaryreactionwords", "notes": "canaryrecordnote", "finish": "y"}
    clinic.send(clinic.staff, f"{path}/record", **record)
    clinic.look(clinic.client, f"/account/visits/{visit.number}/aftercare?sign=redness")
    clinic.send(clinic.client, "/account/visits/calendar")
    list(clinic.mailbox)


def _react(clinic: Clinic, visit: Visit) -> None:
    for days in (2, 3, 7, 14, 32):
        clinic.clock.move_to(at("2026-03-10", 12) + timedelta(days=days))
        list(clinic.mailbox)
    clinic.again()
    told = {"sign": "new-lump", "since": "2026-04-09", "words": "canaryreport on the chin", "cause": "a-cause-of-canaries"}
    clinic.send(clinic.client, f"/account/visits/{visit.number}/report", **told, photo=(io.BytesIO(PNG), "canary.png"))
    case = db.session.scalars(select(Case)).one()
    path = f"/admin/cases/{case.id}"
    assert "canaryreport" in clinic.look(clinic.staff, path)
    clinic.send(clinic.staff, f"{path}/notes", text="canarycasenote")
    clinic.send(clinic.staff, f"{path}/close", result="settled", words="canaryoutcome", resume="y")


def _look_around(clinic: Clinic, visit: Visit) -> None:
    """Every page that speaks of the client, for the client, the desk and whoever treats."""
    feed = find_feed(visit.client_id)
    assert feed is not None
    for path in ("", "/visits", "/credits", "/orders", "/cupboard", "/routine", "/privacy", "/privacy/export", "/details"):
        clinic.look(clinic.client, f"/account{path}")
    clinic.look(clinic.client, visit_link(visit, "aftercare").removeprefix("http://localhost"))
    desk = browser_of_staff("desk", clinic.app)
    for path in ("", "/visits?day=2026-03-10", f"/visits/{visit.number}", "/clients", "/orders", "/attention", "/cases"):
        seen = clinic.look(desk, f"/admin{path}")
        assert CANARY not in seen.lower(), path


def client_row(clinic: Clinic) -> Client:
    return db.session.get_one(Client, clinic.client.person.id)


def with_keys(app: Flask, *keys: str) -> None:
    app.config["SHOP"] = replace(app.config["SHOP"], field_keys=keys)
