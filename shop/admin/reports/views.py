"""The pages of numbers, one file for each report."""

from shop.admin.reports import margin, owed, sales

__all__ = ["margin", "owed", "sales"]
