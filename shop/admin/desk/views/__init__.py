"""The pages of the till, one file for each act."""

from __future__ import annotations

from shop.admin.desk.views import closing, filling, paying, waiting  # noqa: F401 (fill the blueprint)
