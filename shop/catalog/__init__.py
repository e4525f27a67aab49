"""What the clinic offers, and how it is found."""
