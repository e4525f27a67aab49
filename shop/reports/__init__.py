"""Numbers that always add up to the ledgers: what is owed in sessions, what was earned, where VAT fell due."""
