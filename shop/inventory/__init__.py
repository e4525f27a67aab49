"""Stock that can never promise what is not there."""
