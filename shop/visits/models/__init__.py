"""The clinic's calendar, the visits in it, and what was done at them."""

from shop.visits.models.feed import CalendarFeed
from shop.visits.models.record import TreatmentRecord
from shop.visits.models.supply import TreatmentSupply
from shop.visits.models.team import DayOff, Practitioner, Room, WorkingHours, practitioner_treatment
from shop.visits.models.visit import Visit
from shop.visits.models.wish import VisitWish

__all__ = [
    "CalendarFeed",
    "DayOff",
    "Practitioner",
    "Room",
    "TreatmentRecord",
    "TreatmentSupply",
    "Visit",
    "VisitWish",
    "WorkingHours",
    "practitioner_treatment",
]
