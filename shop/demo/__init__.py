"""The demo clinic: a fictional clinic with fictional brands, for trying everything out."""
