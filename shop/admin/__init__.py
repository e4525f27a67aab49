"""The desks of the staff, one folder each."""
