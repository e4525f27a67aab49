"""What the tests stand on: real databases, people who are signed in, plain factories."""
