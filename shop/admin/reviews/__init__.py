"""Reviews: what waits to be read, and what became of the rest."""
