"""Who works here, with which role."""
