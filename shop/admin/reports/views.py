"""The pages of numbers, one file for each report."""

from shop.admin.reports import margin, owed, payouts, sales

__all__ = ["margin", "owed", "payouts", "sales"]
