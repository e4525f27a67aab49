"""One file of views for each page of the desk."""

from shop.admin.answers.views import clients, queue, reading

__all__ = ["clients", "queue", "reading"]
