"""Plans: written from a protocol or from nothing, sent, followed up."""
