"""One file of views for looking at a series and its acts, one for bringing sessions in."""

from shop.admin.sessions.views import acts, moving_in

__all__ = ["acts", "moving_in"]
