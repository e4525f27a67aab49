"""The pages of the visit desk."""

from shop.admin.visits.views import absences, acts, booking, days, recipes, records, team, waiting

__all__ = ["absences", "acts", "booking", "days", "recipes", "records", "team", "waiting"]
