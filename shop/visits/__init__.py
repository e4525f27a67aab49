"""Appointments: who treats when and where, what a client has booked, what was done, and the days after."""
