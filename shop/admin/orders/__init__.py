"""Finding, seeing, sending and refunding orders."""
