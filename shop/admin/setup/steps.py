"""The steps of setting up, in their order, and which of them are done, skipped or still open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from shop.accounts.models import User
from shop.admin.settings.typing_in import keys_of
from shop.catalog.models import Package
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.core.settings import change_setting, setting
from shop.core.texts import LEGAL_PAGES, TextVersion
from shop.visits.models import WorkingHours

MARKS = {"done": "done", "skipped": "later", "": "open"}
FIRST_WORDS = ("system", "demo", "setup")
_CLINIC = ("name", "strapline", "legal_name", "company_number", "phone", "email", "address", "country", "emergency")


@dataclass(frozen=True)
class Place:
    """A desk where the rest of a step is done; `count` says what stands there."""

    path: str
    words: str
    count: Callable[[], str]


@dataclass(frozen=True)
class Step:
    """`keys` are settings typed on the step itself; `places` are desks it leads to."""

    slug: str
    words: str
    lead: str
    keys: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def _staff() -> str:
    there = select(func.count(User.id)).where(User.role.is_not(None), User.disabled_at.is_(None))
    return _counted(db.session.scalar(there) or 0, "person", "people")


def _hours() -> str:
    who = select(func.count(func.distinct(WorkingHours.practitioner_id)))
    return _counted(db.session.scalar(who) or 0, "person has hours", "people have hours")


def _packages() -> str:
    live = select(func.count(Package.id)).where(Package.state == "live")
    return _counted(db.session.scalar(live) or 0, "package on sale", "packages on sale")


def _texts() -> str:
    own = select(func.count(func.distinct(TextVersion.kind))).where(
        TextVersion.kind.in_(LEGAL_PAGES), TextVersion.published_by.not_in(FIRST_WORDS)
    )
    return f"{db.session.scalar(own) or 0} of {len(LEGAL_PAGES)} are your own words"


STEPS = (
    Step("clinic", "The clinic", "Who you are, as every page and invoice says it.", tuple(f"clinic.{n}" for n in _CLINIC)),
    Step(
        "tax",
        "Tax",
        "Without a registration no VAT is shown or owed.",
        ("vat.registered", "vat.percent", "clinic.vat_number"),
    ),
    Step(
        "delivery",
        "Delivery",
        "How goods reach people. Everything finer stands in the settings.",
        tuple(f"delivery.{n}" for n in ("collect", "countries", "free_from_minor", "cutoff", "leaves_on")),
    ),
    Step(
        "hours",
        "Hours",
        "When the clinic is open; when somebody can be booked stands with each person.",
        ("clinic.hours",),
        (Place("/admin/visits/team", "Calendars and rooms", _hours),),
    ),
    Step(
        "team",
        "Team",
        "Everybody signs in as themselves, with a second factor.",
        places=(Place("/admin/staff", "Staff and their roles", _staff),),
    ),
    Step(
        "treatments",
        "Treatments",
        "What is offered, at which price, and the rules that your medical lead signs.",
        places=(
            Place("/admin/packages", "Packages and prices", _packages),
            Place("/admin/rules", "Care rules", lambda: "signed by the medical lead"),
        ),
    ),
    Step("look", "Logo and colours", "Yours, as long as everybody can read them."),
    Step(
        "texts",
        "Words",
        "Read each page, make it yours, publish it. What promises too much is named before it goes out.",
        ("clinic.mail_words",),
        (Place("/admin/texts", "Pages and consents, with a preview", _texts),),
    ),
    Step("live", "Go live", "What is still missing before strangers pay."),
)
SLUGS = tuple(step.slug for step in STEPS)
assert all(key in keys_of(key.partition(".")[0]) for step in STEPS for key in step.keys)


def get_step(slug: str) -> Step:
    """Raises NotFound."""
    found = next((step for step in STEPS if step.slug == slug), None)
    if found is None:
        raise NotFound("There is no such step.")
    return found


def marks() -> dict[str, str]:
    """Step → "done", "skipped" or "" for one still open, in their order."""
    kept = setting("setup.steps")
    return {slug: kept.get(slug, "") for slug in SLUGS}


def mark(slug: str, word: str, *, by: str) -> None:
    """A step that was done stays done when somebody leafs past it. Raises Refused for a mark that is none."""
    if word not in ("done", "skipped"):
        raise Refused("A step is done, or left for later.")
    kept = setting("setup.steps")
    if kept.get(slug) != word and not (word == "skipped" and kept.get(slug) == "done"):
        change_setting("setup.steps", {**kept, slug: word}, by=by)


def first_open() -> str:
    """Where one goes on: the first step neither done nor skipped, else the last."""
    return next((slug for slug, word in marks().items() if not word), SLUGS[-1])


def is_over() -> bool:
    """Every step was done or left for later."""
    return all(marks().values())


def after(slug: str) -> str:
    """The next step; the last leads to itself."""
    return SLUGS[min(SLUGS.index(slug) + 1, len(SLUGS) - 1)]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
