"""A plan goes to its client: the link, what is unlocked for them, one calm e-mail; and it can be taken back."""

from __future__ import annotations

from sqlalchemy import select, update

from shop.accounts.models import Client, User
from shop.catalog.models import Package, Product, Treatment, Variant
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.mail import send
from shop.core.settings import setting
from shop.intake.unlocking import end_unlocks, unlock
from shop.plans.events import happened
from shop.plans.linking import draw_link, revoke_links
from shop.plans.models import Plan, PlanItem, PlanVersion
from shop.plans.series import PRIVATE

NO_ADDRESS = "This client has no e-mail address. Print the plan, or add the address first."


def send_plan(plan: Plan, *, by: str, seen: int, by_mail: bool = True) -> None:
    """Show the version that was looked at. Raises Conflict when a newer one was written, Refused without an address."""
    client = db.session.get_one(Client, plan.client_id)
    if by_mail and not client.email:
        raise Refused(NO_ADDRESS)
    open_ones = update(Plan).where(Plan.id == plan.id, Plan.version == seen, Plan.state != "withdrawn")
    was = plan.state
    if not changed(open_ones.values(state="sent", shown=seen, sent_at=clock.now(), quiet_at=None)):
        raise Conflict("Somebody has changed this plan meanwhile. Open it again.")
    db.session.refresh(plan)
    unlock_for(plan, by=by)
    if not happened(plan.id, "sent", key=f"v{seen}", by=by) and was != "draft":
        return  # the same version again: nothing new goes out
    record(f"plan:{plan.id}", axis="state", was=was, now="sent", by=by, note=f"version {seen}")
    link = draw_link(plan, by=by)
    if by_mail:
        _write(plan, client, link, key=f"plan:{plan.id}:v{seen}")


def send_again(plan: Plan, *, by: str, cause: str) -> None:
    """A new link to the same version; the cause makes two clicks one e-mail. Raises Conflict, Refused."""
    client = db.session.get_one(Client, plan.client_id)
    if plan.state in ("draft", "withdrawn"):
        raise Conflict("This plan is not with its client.")
    if not client.email:
        raise Refused(NO_ADDRESS)
    if happened(plan.id, "sent", key=cause, by=by, detail="again"):
        _write(plan, client, draw_link(plan, by=by), key=f"plan:{plan.id}:{cause}")


def withdraw_plan(plan: Plan, *, by: str) -> None:
    """It opens nowhere any more, and what it unlocked is closed; what was bought stays bought."""
    mine = update(Plan).where(Plan.id == plan.id, Plan.state.not_in(("draft", "withdrawn")))
    was = plan.state
    if not changed(mine.values(state="withdrawn")):
        raise Conflict("This plan is not with its client.")
    revoke_links(plan, by=by)
    end_unlocks(f"plan:{plan.id}:")
    happened(plan.id, "withdrawn", key=str(plan.shown), by=by)
    record(f"plan:{plan.id}", axis="state", was=was, now="withdrawn", by=by)


def unlock_for(plan: Plan, *, by: str) -> None:
    """Consultation-only products and series of the version that is shown, for this client and the time the clinic chose."""
    months = int(setting("plans.unlock_months"))
    version = (
        select(PlanVersion.id).where(PlanVersion.plan_id == plan.id, PlanVersion.number == plan.shown).scalar_subquery()
    )
    gated = (
        select(Product.id)
        .join(Variant, Variant.product_id == Product.id)
        .join(PlanItem, PlanItem.variant_id == Variant.id)
        .where(PlanItem.version_id == version, Product.gated.is_(True))
    )
    closed = (
        select(Package.id)
        .join(PlanItem, PlanItem.package_id == Package.id)
        .join(Treatment, Treatment.id == Package.treatment_id)
        .where(PlanItem.version_id == version, (Treatment.sold_as == "consultation") | (Package.state == PRIVATE))
    )
    facts = {"by": by, "months": months}
    for product_id in sorted(set(db.session.scalars(gated))):
        unlock(plan.client_id, product_id=product_id, cause=f"plan:{plan.id}:{plan.shown}:product:{product_id}", **facts)  # type: ignore[arg-type]
    for package_id in sorted(set(db.session.scalars(closed))):
        unlock(plan.client_id, package_id=package_id, cause=f"plan:{plan.id}:{plan.shown}:package:{package_id}", **facts)  # type: ignore[arg-type]


def _write(plan: Plan, client: Client, link: str, *, key: str) -> None:
    """Who writes and where to read it; what it is about stands behind the link alone."""
    consultant = db.session.get_one(User, plan.consultant_id)
    days = int(setting("plans.link_days"))
    send(
        "plan_sent",
        to=client.email,
        subject=f"Your plan from {setting('clinic.name')}",
        key=key,
        name=client.name,
        consultant=consultant.name,
        link=link,
        days=days,
    )
