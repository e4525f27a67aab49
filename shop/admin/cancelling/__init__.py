"""Calling an order off at the desk: what the law says, goodwill above it, goods that come back, money paid by hand."""
