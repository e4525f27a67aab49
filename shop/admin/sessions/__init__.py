"""A client's prepaid sessions at the desk: every move with who and why, and the acts that a telephone call may ask for."""
