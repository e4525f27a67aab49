"""Packages of sessions: words, gaps, validity and price."""
