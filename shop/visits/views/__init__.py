"""One file of views for each thing a client does with an appointment."""

from shop.visits.views import (
    aftercare,
    appointments,
    booking,
    booking_for,
    calendars,
    changing,
    planning,
    reporting,
    wishes,
)

__all__ = [
    "aftercare",
    "appointments",
    "booking",
    "booking_for",
    "calendars",
    "changing",
    "planning",
    "reporting",
    "wishes",
]
