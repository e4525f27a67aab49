"""Selling at the desk, and the till."""
