"""States and readings of products, in words."""

from __future__ import annotations

STATES = {"draft": ("Draft", "open"), "live": ("Live", "good"), "archived": ("Archived", "quiet")}
READINGS = {"assessed": ("Read in full", "good"), "partly": ("Read in part", "wait"), "unknown": ("Not assessed", "quiet")}
