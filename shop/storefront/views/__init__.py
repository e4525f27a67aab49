"""The public pages, one file for each kind."""

from shop.storefront.views import (  # noqa: F401
    about,
    asking,
    brands,
    calendar,
    concerns,
    consulting,
    finding,
    gift_cards,
    home,
    letters,
    media,
    packages,
    pictures,
    products,
    searching,
    shown,
    waiting,
)
