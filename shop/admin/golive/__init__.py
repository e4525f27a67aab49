"""From the demo to one's own clinic: what is still missing, and the demo cleared away."""
