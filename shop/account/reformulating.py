"""What is in a bottle has changed: every bag and cupboard that holds it is judged again, and only whom it concerns is written to.

The client reads that a list has changed, never why that matters to them; the desk reads how many were told.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from flask import current_app
from sqlalchemy import select

from shop.accounts.models import Client
from shop.bag.models import Bag, BagLine
from shop.care.calendar import VERDICTS, Verdict
from shop.care.labels import Label
from shop.care.loading import window_rules
from shop.catalog.models import BoxItem, Product, Variant
from shop.core import clock, outbox
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.handlers import fire
from shop.core.mail import KIND as MAIL
from shop.core.mail import mail_payload
from shop.core.settings import setting
from shop.intake.calendar import Calendar
from shop.intake.facts import NOTHING_KNOWN, facts_of_clients
from shop.intake.labels import label_of
from shop.orders.owning import owners_of
from shop.visits.skin_days import sessions_of_clients

HEARD = "product.list_changed"
BATCH = 200


def tell_who_holds_it(*, product_id: int, was: str, now: str) -> int:
    """Outbox handler. Fires "product.list_changed" for whoever else holds products; returns how many were written to."""
    product = db.session.get(Product, product_id)
    if product is None:
        return 0
    owners = set(owners_of(product_id))
    holders = sorted(owners | set(in_bags(product_id)))
    worse = [id for part in _parts(holders) for id in _for_whom_it_is_worse(part, label_of(was), label_of(now))]
    people = _people(worse)
    mark = mark_of(product_id, now)
    outbox.put_all(
        (MAIL, _letter(person, product, person.id in owners), f"mail:list-changed:{mark}:{person.id}")
        for person in people
        if person.email
    )
    plans = sum(fire(HEARD, product_id=product_id, was=was, now=now))
    if holders or plans:
        _ask_the_desk(
            product, mark, holders=len(holders), worse=len(people), unreached=sum(not p.email for p in people), plans=plans
        )
    return len(people)


def in_bags(product_id: int) -> list[int]:
    """The clients in whose bag it lies, alone or in a box."""
    sizes = select(Variant.id).where(Variant.product_id == product_id)
    boxes = select(BoxItem.box_id).where(BoxItem.variant_id.in_(sizes))
    holds = BagLine.variant_id.in_(sizes) | BagLine.box_id.in_(boxes)
    rows = select(Client.id).join(Bag, Bag.user_id == Client.user_id).join(BagLine, BagLine.bag_id == Bag.id).where(holds)
    return list(db.session.scalars(rows.distinct()))


def mark_of(product_id: int, now: str) -> str:
    """One change of one product, for the keys of what follows from it."""
    return f"{product_id}:{clock.today()}:{sha256(now.encode()).hexdigest()[:16]}"


def _for_whom_it_is_worse(client_ids: list[int], was: Label, now: Label) -> list[int]:
    sessions, told, rules = sessions_of_clients(client_ids), facts_of_clients(client_ids), window_rules()
    found = []
    for client_id in client_ids:
        calendar = Calendar(sessions.get(client_id, ()), clock.today(), rules, told.get(client_id, NOTHING_KNOWN))
        if is_worse(calendar.judge(was), calendar.judge(now)):
            found.append(client_id)
    return found


def is_worse(was: Verdict, now: Verdict) -> bool:
    """Stricter than before, or for a reason that was not there before."""
    if VERDICTS.index(now.verdict) > VERDICTS.index(was.verdict):
        return True
    return bool(_against(now) - _against(was)) and now.verdict != "use"


def _against(verdict: Verdict) -> set[tuple[str, tuple[str, ...]]]:
    return {(found.rule, found.names) for found in verdict.rules if found.verdict != "use"}


def _people(client_ids: list[int]) -> list[Client]:
    wanted = select(Client).where(Client.id.in_(client_ids), Client.erased_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Client.id)))


def _letter(person: Client, product: Product, is_owner: bool) -> dict[str, object]:
    return mail_payload(
        "list_changed",
        to=person.email,
        subject=f"A note about something you own or chose, from {setting('clinic.name')}",
        name=person.name,
        product=product.name,
        link=f"{current_app.config['SHOP'].site_url}/{'account/cupboard' if is_owner else 'bag'}",
    )


def _ask_the_desk(product: Product, mark: str, *, holders: int, worse: int, unreached: int, plans: int) -> None:
    counts = [f"{holders} {'person holds' if holders == 1 else 'people hold'} it"]
    counts += [f"{plans} open {'plan' if plans == 1 else 'plans'}"] if plans else []
    counts.append(f"{worse} {'was' if worse == 1 else 'were'} written to, for whom a rule speaks differently now")
    counts += [f"{unreached} of them without an e-mail address"] if unreached else []
    raise_entry(
        "reformulation",
        subject=f"product:{product.id}",
        reason=f"The ingredient list of {product.name} has changed: {'; '.join(counts)}.",
        what_to_do="Compare the lists on the product’s page, look at its links and plans, and call whoever has no e-mail.",
        key=f"list-changed:{mark}",
    )


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
