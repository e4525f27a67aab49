"""Health answers, for those who treat."""
