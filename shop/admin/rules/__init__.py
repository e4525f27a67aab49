"""The rulebook: read, changed, compared, rolled back, signed."""
