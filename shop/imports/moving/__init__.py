"""A clinic moves in: its clients, part-used packages, booked visits, gift cards and opening stock, from tables of one row each."""
