"""Products: words, sizes and prices, links to concerns, many at once."""
