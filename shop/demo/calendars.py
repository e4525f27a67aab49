"""Who of the demo clinic's team treats what, when and where."""

from __future__ import annotations

from sqlalchemy import select

from shop.catalog.models import TeamMember, Treatment
from shop.core import clock
from shop.core.db import db
from shop.visits.models import Practitioner, Room, WorkingHours, practitioner_treatment

ROOMS = ("Garden room", "Yard room", "Quiet room")
LUNCH = [[13 * 60, 13 * 60 + 45]]
OPEN = {0: (12, 20), 1: (9, 19), 2: (9, 19), 3: (9, 19), 4: (9, 17), 5: (10, 16), 6: (10, 16)}
SUNDAY = 6
ON_A_SUNDAY = ("tomasz-wren", "priya-sandhu", "lucia-ferreira")  # a demo that begins then shows a day with visits too
# slug of the member → (treatments, weekdays)
WORK: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "tomasz-wren": (("meso-rejuvenation", "meso-hydration", "meso-lines"), (0, 1, 2, 4, 5)),
    "priya-sandhu": (("meso-hair", "meso-scars", "meso-stretch-marks", "meso-lines"), (1, 2, 3, 4)),
    "lucia-ferreira": (("meso-pigmentation", "meso-rejuvenation"), (0, 2, 3, 5)),
    "maren-okafor": (("meso-fat", "meso-cellulite", "meso-pigmentation"), (1, 3)),
    "iris-halloran": ((), (0, 1, 3, 4)),
}


def add_calendars() -> None:
    """After the offers: practitioners are members of the team."""
    for position, name in enumerate(ROOMS):
        db.session.add(Room(name=name, position=position))
    members = {member.slug: member for member in db.session.scalars(select(TeamMember))}
    treatments = dict(db.session.execute(select(Treatment.slug, Treatment.id)).all())
    for position, (slug, (given, weekdays)) in enumerate(WORK.items()):
        who = Practitioner(name=members[slug].name, member_id=members[slug].id, position=position)
        db.session.add(who)
        db.session.flush()
        days = {*weekdays, *({SUNDAY} if slug in ON_A_SUNDAY and clock.today().weekday() == SUNDAY else ())}
        db.session.add_all(_hours(who.id, weekday) for weekday in sorted(days))
        links = [{"practitioner_id": who.id, "treatment_id": treatments[one]} for one in given if one in treatments]
        if links:
            db.session.execute(practitioner_treatment.insert(), links)


def _hours(practitioner_id: int, weekday: int) -> WorkingHours:
    opens, closes = OPEN[weekday]
    breaks = LUNCH if opens < 12 else []
    return WorkingHours(
        practitioner_id=practitioner_id, weekday=weekday, from_minute=opens * 60, to_minute=closes * 60, breaks=breaks
    )
