"""Discount codes: what they take off, from what, how often and until when."""
