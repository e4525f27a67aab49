"""Shelves, lots, deliveries and counts."""
