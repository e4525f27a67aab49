"""The page on which a client says that something is wrong after a treatment: signed in, or by the link of an e-mail."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask_login import current_user

from shop.care.aftercare_signs import signs
from shop.core import clock
from shop.core.access import declare
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.web import csrf
from shop.intake.papers import LARGEST
from shop.visits.finding import get_visit
from shop.visits.links import get_by_token
from shop.visits.models import Visit
from shop.visits.pages import bp
from shop.visits.reporting import LONGEST, OVER, Told, report, watch_of
from shop.visits.views.reading import cause_kept, cause_of, day_of

AROUND_A_FILE = 64 * 1024


@bp.get("/account/visits/<number>/report")
def report_page(number: str) -> Any:
    return _page(get_visit(number, client_id=current_user.client_id), f"/account/visits/{number}")


@bp.get("/appointments/<token>/report")
def appointment_report_page(token: str) -> Any:
    return _page(get_by_token(token), f"/appointments/{token}")


@bp.post("/account/visits/<number>/report")
@csrf.exempt  # protected below, once the body may be as large as a photograph
def send_report(number: str) -> Any:
    _let_in()
    return _report(get_visit(number, client_id=current_user.client_id), f"/account/visits/{number}")


@bp.post("/appointments/<token>/report")
@csrf.exempt  # protected below, as above
def send_appointment_report(token: str) -> Any:
    _let_in()
    return _report(get_by_token(token), f"/appointments/{token}")


declare(appointment_report_page, "public")
declare(send_appointment_report, "public")


def _let_in() -> None:
    request.max_content_length = LARGEST + AROUND_A_FILE
    csrf.protect()


def _report(visit: Visit, path: str) -> Any:
    upload = request.files.get("photo")
    photo = upload.read(LARGEST + 1) if upload else b""
    told = Told(request.form.get("sign", "")[:60], day_of("since"), request.form.get("words", "")[: LONGEST + 1], photo)
    try:
        report(visit, told, cause=cause_of("reaction"))
    except Refused as refused:
        db.session.rollback()
        return _page(visit, path, problem=refused), refused.status
    db.session.commit()
    return redirect(f"{path}/report?sent=1", 303)


def _page(visit: Visit, path: str, *, problem: Refused | None = None) -> str:
    care, _, ends = watch_of(visit)
    typed = {name: request.form.get(name, "")[: LONGEST + 1] for name in ("sign", "since", "words")}
    return render_template(
        "visits/report.html",
        path=path,
        since=care.since,
        today=clock.today(),
        first=clock.local(care.since).date(),
        is_over=clock.now() >= ends,
        over=OVER,
        is_sent=request.args.get("sent") == "1",
        signs=signs(),
        typed=typed,
        asked=typed["sign"] or request.args.get("sign", "")[:60],
        problem=problem.sentence if problem else "",
        wrong=(problem.field or "") if problem else "",
        cause=cause_kept(),
        longest=LONGEST,
    )
