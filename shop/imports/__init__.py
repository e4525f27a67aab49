"""Catalogues of former shops come in, and this shop's catalogue goes out again."""

FORMATS = ("shopify", "woo", "plain")
