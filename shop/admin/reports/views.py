"""The pages of numbers, one file for each report."""

from shop.admin.reports import owed, sales

__all__ = ["owed", "sales"]
