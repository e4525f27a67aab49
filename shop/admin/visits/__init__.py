"""The desk of the day: who comes when, what is done, and what is written down."""
