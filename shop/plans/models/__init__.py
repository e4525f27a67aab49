"""Plans, their versions, the links that open them, what became of them, and the protocols they begin from."""

from shop.plans.models.contact import PlanEvent, PlanLink, PlanMessage
from shop.plans.models.plan import Plan, PlanItem, PlanText, PlanVersion
from shop.plans.models.protocol import Protocol

__all__ = ["Plan", "PlanEvent", "PlanItem", "PlanLink", "PlanMessage", "PlanText", "PlanVersion", "Protocol"]
