"""One file of views for each page of intake."""

from shop.intake.views import changed, form, outcome

__all__ = ["changed", "form", "outcome"]
