"""The authority's report about a reaction, filled in: read, changed on the page, copied or printed; nothing of it is sent from here."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.cases import working
from shop.cases.models import REACTIONS
from shop.cases.telling_authorities import authority_of, report_text
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.history import actor
from shop.intake.reading import log_reading

LARGEST_ID = 2**53


@bp.get("/cases/<int:id>/report")
@right_needed("health")
def case_report(id: int) -> Any:
    found = working.get_case(min(id, LARGEST_ID))
    client_id = found.client_id
    if found.kind not in REACTIONS:
        raise NotFound("Only reactions are reported to an authority.")
    db.session.rollback()
    log_reading(by=actor(current_user), client_id=client_id, subject=f"case:{id}", why="case")
    found = working.get_case(id)
    person = db.session.get(Client, client_id) if client_id is not None else None
    text = report_text(found, name=person.name if person else "", entries=working.entries_of(id))
    return render_template("admin/cases/report.html", case=found, text=text, authority=authority_of(found))
