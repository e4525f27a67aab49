"""What a machine must not decide."""
