"""Gift cards: what each holds, and what is owed on all of them."""
