"""Catalogues come in as files, and go out again."""
