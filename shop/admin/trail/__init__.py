"""Who changed what, when: the history of everything, searchable."""
