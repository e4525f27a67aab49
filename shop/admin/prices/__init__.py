"""Prices written down for later: one panel on the desks of products and packages."""
