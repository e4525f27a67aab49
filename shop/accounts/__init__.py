"""People and their sign-ins: users, clients, roles, addresses."""
