"""The desk of cases, one file for each act."""

from shop.admin.cases.views import desk, reporting, writing_down  # noqa: F401 (fill the blueprint)
