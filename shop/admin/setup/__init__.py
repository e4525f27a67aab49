"""A new clinic is set up in one sequence of steps; each saves where the settings desks keep it."""
