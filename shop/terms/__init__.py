"""Pure arithmetic of a sale: price, VAT, discounts, delivery, and what the law or the clinic gives back."""
