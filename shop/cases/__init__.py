"""What went wrong for a client: a reaction, a complaint, a parcel; who looks after it, until when, and how it ended."""
