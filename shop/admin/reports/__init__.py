"""Reports: what is owed in sessions, what was earned, and the list behind each number."""
