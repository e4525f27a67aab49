"""What went wrong for a client, and who looks after it."""
