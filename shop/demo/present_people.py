"""A demo client who can be treated at once: questions answered, consents signed, the trial on the skin clear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from shop.accounts.models import Client
from shop.care.loading import screening_rules
from shop.care.questions import questions_for
from shop.catalog.models import AddOn, Treatment
from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.core.texts import current_versions
from shop.intake import consenting, patch_testing
from shop.intake.answering import save
from shop.intake.models import PatchTest
from shop.intake.subjects import Subject
from shop.wallet.models import Credit

BY = "demo"
FREE = {"yes_no": "no", "choice": "no", "date": "2020-01-01", "text": ""}
TRIED_DAYS_AGO = 20


def be_ready(credit: Credit) -> None:
    """For the treatment of this series and the add-ons that hang on it."""
    client = db.session.get_one(Client, credit.client_id)
    slug = db.session.scalars(select(Treatment.slug).where(Treatment.id == credit.treatment_id)).one()
    addons = select(AddOn.slug).join(Credit, Credit.addon_id == AddOn.id).where(Credit.parent_id == credit.id)
    version = current_versions("consent-health-answers").get("consent-health-answers", 1)
    save(Subject(client_id=client.id), slug, answers_for(slug), consent_version=version)
    abouts = [f"treatment:{slug}", *(f"addon:{addon}" for addon in db.session.scalars(addons))]
    for wanted in consenting.unsigned(client.id, abouts):
        consenting.sign(client.id, wanted.about, version=wanted.version, name=client.name, by=f"client:{client.id}")
    _try_skin(client.id, [*abouts, *(about for about in setting("intake.patch_tests") if about not in abouts)])


def answers_for(treatment: str) -> dict[str, Any]:
    """Nothing to report, in the words that the form sends."""
    every = questions_for(treatment, screening_rules().questions)
    clear = {question.key: FREE[question.kind] for question in every if not question.shown_if}
    return clear | {"adult": "yes", "phototype": "2"}


def _try_skin(client_id: int, abouts: Iterable[str]) -> None:
    placed = clock.today() - timedelta(days=TRIED_DAYS_AGO)
    for about in filter(patch_testing.is_needed, abouts):
        read_on = placed + timedelta(days=setting("intake.patch_wait_days"))
        test = PatchTest(client_id=client_id, about=about, placed_on=placed, placed_by=BY, made_at=clock.now())
        test.content, test.read_on, test.read_by = {"result": "clear", "note": ""}, read_on, BY
        test.expires_on = read_on + timedelta(days=setting("intake.patch_valid_days"))
        db.session.add(test)
    db.session.flush()
