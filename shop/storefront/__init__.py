"""The public pages, composed of what the layers below know."""
