"""Finding a client, with what they bought and own."""
