"""What a client owns after paying: credits, their ledger, spacing, expiry and pauses."""
