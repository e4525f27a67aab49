"""The pages of the plan desk."""

from shop.admin.plans.views import building, listing, protocols, report, single, waiting

__all__ = ["building", "listing", "protocols", "report", "single", "waiting"]
