"""A consultant's advice: written in a minute, opened without a sign-in, looked at again whenever it is opened."""
