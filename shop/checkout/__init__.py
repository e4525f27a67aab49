"""From a bag to a paid order, through Stripe and back."""
