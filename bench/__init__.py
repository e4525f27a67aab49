"""How fast the shop is, each figure as a ratio to a bare Flask page in the same run: `python3 dev.py bench`."""
