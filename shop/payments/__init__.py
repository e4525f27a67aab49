"""Money that comes in and goes back by card: what was asked of Stripe, and what Stripe said."""
